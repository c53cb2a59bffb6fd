import { ProtocolError } from '@parley/protocol';
import { defaultTokenSeconds, type GuestSession } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import type { findGuestLink } from '../guestLinks/findGuestLink.ts';
import { randomId } from '../security/ids.ts';
import { signSession, type Signer } from '../tokens/signSession.ts';

type FoundLink = NonNullable<Awaited<ReturnType<typeof findGuestLink>>>;

/**
 * Admits a visitor with a guest link: a fresh identity for each, good for the link's one room and in its role.
 * Whether the room is open at this moment and has a place left is asked when the guest joins.
 */
export async function createGuestSession(
  context: Pick<ApiContext, 'database'> & Signer,
  link: FoundLink,
  displayName: string,
): Promise<GuestSession> {
  const { applicationId, roomId, role, room } = link;
  const nowMs = context.clock.now();
  if (link.expiresAt.getTime() <= nowMs) {
    throw new ProtocolError('forbidden', 'This link has expired.');
  }
  await countUse(context, link);
  const secondsLeft = Math.ceil((room.validUntil.getTime() - nowMs) / 1000);
  const { token, expiresAt } = await signSession(context, {
    applicationId,
    identity: { userId: `guest-${randomId(20)}`, displayName, kind: 'guest' },
    scopes: ['rooms.join'],
    guestOf: { roomId, role },
    expiresInSeconds: Math.max(1, Math.min(defaultTokenSeconds, secondsLeft)),
  });

  return {
    token,
    expiresAt: expiresAt.toISOString(),
    roomId,
    ...(room.name === null ? {} : { roomName: room.name }),
  };
}

/** In one statement, so that two visitors at the same moment do not both take the last use. */
async function countUse(
  { database }: Pick<ApiContext, 'database'>,
  { id, maxUses }: FoundLink,
): Promise<void> {
  const { count } = await database.guestLink.updateMany({
    where: { id, ...(maxUses === null ? {} : { uses: { lt: maxUses } }) },
    data: { uses: { increment: 1 } },
  });
  if (count === 0) {
    throw new ProtocolError('forbidden', 'This link has been used as often as it may be.');
  }
}
