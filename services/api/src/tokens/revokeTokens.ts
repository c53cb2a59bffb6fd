import type { Handler } from '../operations/handlerTypes.ts';
import { revoke } from '../revocations/revoke.ts';
import { leaveAdministrators } from '../users/leaveAdministrators.ts';
import { lockUser } from '../users/lockUser.ts';

export const revokeTokens: Handler<'revokeTokens'> = async ({
  context,
  database,
  publish,
  principal,
  applicationId,
  params: { userId },
  query,
}) => {
  const user = await lockUser(database, { applicationId, userId }, 'change');
  leaveAdministrators(principal, user.isAdmin);

  await database.refreshGrant.updateMany({
    where: { applicationId, userId, revokedAt: null },
    data: { revokedAt: new Date(context.clock.now()) },
  });
  if (query.accessTokens) {
    await database.accessToken.deleteMany({ where: { applicationId, userId } });
  }
  // Last: whoever was exchanging one of them has been waited for, and took an earlier moment.
  await revoke(
    database,
    { publish, clock: context.clock },
    { applicationId, subject: { kind: 'user', userId } },
  );
};
