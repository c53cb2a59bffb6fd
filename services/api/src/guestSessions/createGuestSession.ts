import { defaultTokenSeconds, ProtocolError } from '@parley/protocol';
import { countLinkUse } from '../guestLinks/countLinkUse.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { randomId } from '../security/ids.ts';
import { signSession } from '../tokens/signSession.ts';

/**
 * Admits a visitor with a guest link: a fresh identity for each, good for the link's one room and in its role.
 * Whether the room is open at this moment and has a place left is asked when the guest joins.
 */
export const createGuestSession: Handler<'createGuestSession'> = async ({
  context,
  database,
  body: { displayName },
  prepared: link,
}) => {
  await countLinkUse(database, link, context.clock.now());
  // The lock may have been waited for: what the token is measured by is read behind it.
  const nowMs = context.clock.now();
  const { applicationId, roomId, role, room } = link;
  const secondsLeft = Math.ceil((room.validUntil.getTime() - nowMs) / 1000);
  if (secondsLeft <= 0) {
    throw new ProtocolError('outside_room_window', 'The room has ended.');
  }
  const userId = `guest-${randomId(20)}`;
  const { token, expiresAt } = await signSession(
    context,
    {
      applicationId,
      identity: { userId, displayName, kind: 'guest' },
      scopes: ['rooms.join'],
      grantId: link.id,
      guestOf: { roomId, role },
      expiresInSeconds: Math.min(defaultTokenSeconds, secondsLeft),
    },
    'guest_link',
  );
  await database.user.create({
    data: {
      applicationId,
      id: userId,
      kind: 'guest',
      displayName,
      tokensExpireAt: expiresAt,
      createdAt: new Date(nowMs),
    },
  });

  return {
    token,
    expiresAt: expiresAt.toISOString(),
    roomId,
    ...(room.name === null ? {} : { roomName: room.name }),
  };
};
