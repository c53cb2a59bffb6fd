import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';
import { revoke } from '../revocations/revoke.ts';
import { requireRoom } from '../rooms/requireRoom.ts';

/**
 * The row goes first: a visitor who is being let in holds its lock until the token is recorded, and the moment of
 * the revocation, read afterwards, lies behind that token's.
 */
export const revokeGuestLink: Handler<'revokeGuestLink'> = async ({
  context,
  database,
  publish,
  applicationId,
  params: { roomId, guestLinkId },
}) => {
  await requireRoom(database, { applicationId, roomId });
  const { count } = await database.guestLink.deleteMany({
    where: { id: guestLinkId, applicationId, roomId },
  });
  if (count === 0) {
    throw new ProtocolError('not_found', 'There is no such guest link.');
  }
  await revoke(
    database,
    { publish, clock: context.clock },
    { applicationId, subject: { kind: 'grant', grantId: guestLinkId } },
  );
};
