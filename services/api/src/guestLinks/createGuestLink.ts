import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';
import { lockRoom } from '../rooms/lockRoom.ts';
import { makeGuestLink } from './makeGuestLink.ts';

/** Enough for every purpose a room has; who needs a link for each visitor lets it be used once and replaces it. */
const maxLiveLinks = 100;

/** `conflict` when the room has as many links as it may that still let somebody in. */
export const createGuestLink: Handler<'createGuestLink'> = async ({
  context,
  database,
  applicationId,
  params: { roomId },
  body,
}) => {
  // Locked, so that two requests at once do not both make the last one.
  const room = await lockRoom(database, { applicationId, roomId });
  const live = await database.guestLink.count({
    where: {
      applicationId,
      roomId,
      expiresAt: { gt: new Date(context.clock.now()) },
      OR: [{ maxUses: null }, { uses: { lt: database.guestLink.fields.maxUses } }],
    },
  });
  if (live >= maxLiveLinks) {
    throw new ProtocolError('conflict', `A room has at most ${maxLiveLinks} links at a time; revoke one.`);
  }

  return makeGuestLink(context, database, room, body);
};
