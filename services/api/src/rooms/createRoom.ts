import type { CreateRoom, Room } from '@parley/protocol/rest';
import { toRoomRecord } from '../admission/records.ts';
import type { ApiContext } from '../context.ts';
import { InvalidRequestError } from '../requests/parse.ts';
import { randomRoomId } from '../security/ids.ts';
import { toRoomAnswer } from './roomAnswer.ts';

const defaultLifetimeMs = 180 * 24 * 60 * 60 * 1000;

/** Makes a room; `invalid_request` when its roster names a user there is not. */
export async function createRoom(
  { database, admission, clock }: Pick<ApiContext, 'database' | 'admission' | 'clock'>,
  applicationId: string,
  { name, access, maxParticipants, roster, ...window }: CreateRoom,
): Promise<Room> {
  const id = randomRoomId();
  const entries = Object.entries(roster).map(([userId, role]) => ({ userId, role }));

  // Published inside the transaction: who can see the row can rely on it, and no later change overtakes this one.
  const room = await database.$transaction(async (transaction) => {
    const created = await transaction.room.create({
      data: {
        application: { connect: { id: applicationId } },
        id,
        name: name ?? null,
        access,
        ...validity(window, clock.now()),
        maxParticipants,
        roster: { createMany: { data: entries } },
      },
      include: { roster: true },
    });
    await admission.putRoom(toRoomRecord(created));

    return created;
  });

  return toRoomAnswer(room);
}

function validity(window: Pick<CreateRoom, 'validFrom' | 'validUntil'>, nowMs: number) {
  const validFrom = new Date(window.validFrom ?? nowMs);
  const validUntil = new Date(window.validUntil ?? validFrom.getTime() + defaultLifetimeMs);
  if (validUntil.getTime() <= nowMs) {
    throw new InvalidRequestError([{ pointer: '/validUntil', detail: 'must be in the future' }]);
  }

  return { validFrom, validUntil };
}
