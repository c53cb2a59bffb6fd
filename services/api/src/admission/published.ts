import type { Transaction } from '@parley/db';

/** Something of which the backplane has a record. */
export interface Published {
  readonly kind: 'application' | 'user' | 'room';
  readonly applicationId: string;
  /** Of an application, its own. */
  readonly id: string;
}

/** Any number will do that nobody else takes. */
const lockSeed = 0x7075_626c;

export function keyOf({ kind, applicationId, id }: Published): string {
  return JSON.stringify([kind, applicationId, id]);
}

/**
 * From here until the transaction ends nobody else tells the backplane of these. In one order for everybody, so that
 * two who tell of the same never wait for each other.
 */
export async function lockPublished(
  transaction: Transaction,
  published: readonly Published[],
): Promise<void> {
  await transaction.$executeRaw`
    SELECT pg_advisory_xact_lock(lock) FROM (
      SELECT DISTINCT hashtextextended(key, ${lockSeed}) AS lock
      FROM unnest(${published.map(keyOf)}::text[]) AS key ORDER BY lock
    ) AS locks`;
}
