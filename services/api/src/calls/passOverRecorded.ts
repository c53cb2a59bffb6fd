import type { CallEvent } from '@parley/backplane';
import type { Transaction } from '@parley/db';

/**
 * The events that were not recorded before, which from here on they are, should the transaction be committed. Of
 * several transactions with the same event one goes on, and the others wait for how that ends.
 */
export async function passOverRecorded(
  transaction: Transaction,
  events: readonly CallEvent[],
): Promise<readonly CallEvent[]> {
  if (events.length === 0) {
    return [];
  }
  // In one order for everybody, so that two transactions never wait for each other.
  const ids = [...new Set(events.map(({ eventId }) => eventId))].toSorted();
  const added = await transaction.$queryRaw<{ id: string }[]>`
    INSERT INTO "RecordedEvent" (id) SELECT unnest(${ids}::text[]) ON CONFLICT DO NOTHING RETURNING id`;
  const isNew = new Set(added.map(({ id }) => id));

  // One that is in the batch twice is written once: deleting answers whether it was still to come.
  return events.filter(({ eventId }) => isNew.delete(eventId));
}
