import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';
import { revoke } from '../revocations/revoke.ts';
import { leaveAdministrators } from '../users/leaveAdministrators.ts';
import { lockUser } from '../users/lockUser.ts';

export const revokeAccessToken: Handler<'revokeAccessToken'> = async ({
  context,
  database,
  publish,
  principal,
  applicationId,
  params: { userId, accessTokenId: id },
}) => {
  const user = await lockUser(database, { applicationId, userId }, 'share');
  leaveAdministrators(principal, user.isAdmin);
  const { count } = await database.accessToken.deleteMany({ where: { id, applicationId, userId } });
  if (count === 0) {
    throw new ProtocolError('not_found', 'There is no such access token.');
  }
  // After it was deleted: whoever was exchanging it has been waited for, and took an earlier moment.
  await revoke(
    database,
    { publish, clock: context.clock },
    { applicationId, subject: { kind: 'grant', grantId: id } },
  );
};
