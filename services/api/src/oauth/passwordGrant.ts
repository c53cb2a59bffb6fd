import OAuth2Server from '@node-oauth/oauth2-server';
import type { User } from '@parley/db';
import { networkOf } from '@parley/kit';
import type { ApiContext } from '../context.ts';
import { lockUserIfAny } from '../users/lockUser.ts';
import type { Exchange, OAuthClient } from './admitClient.ts';
import type { Grant } from './Grant.ts';
import { issueTokens } from './issueTokens.ts';
import { startRefreshGrant } from './refreshGrants.ts';
import { grantScope, offeredTo } from './scopes.ts';
import { SignInAttempt } from './SignInAttempt.ts';

/** The grant of a user who brings the right password; undefined when it is wrong, whoever there is. */
export async function passwordGrant(
  context: ApiContext,
  client: OAuthClient,
  { request, response }: Exchange,
  { username, password }: { username: string; password: string },
): Promise<Grant | undefined> {
  const { application, clientId } = client;
  const address = networkOf(request.ip);
  const attempt = await SignInAttempt.begin(context.limits, response, { application, username, address });
  const found = await findUser(context, application.applicationId, username);
  const passwordHash = found?.passwordHash ?? undefined;
  const isKnown = await context.passwords.verify(application.applicationId, password, passwordHash);
  if (found === undefined || !isKnown) {
    return undefined;
  }
  await attempt.succeed();

  return {
    issue: (requested) =>
      context.transactions.run(application.applicationId, async (transaction) => {
        const { applicationId, id: userId } = found;
        const user = await lockUserIfAny(transaction, { applicationId, userId }, 'read');
        // Checking a password takes its time, and in that time it may have been changed.
        if (user?.passwordHash !== found.passwordHash) {
          throw new OAuth2Server.InvalidGrantError('Invalid grant: user credentials are invalid');
        }
        const scope = grantScope(requested, offeredTo(user));
        const { grantId, refreshToken } = await startRefreshGrant(transaction, context.clock, {
          applicationId,
          userId,
          clientId,
          scope,
        });

        return {
          ...(await issueTokens(context, {
            clientId,
            grant: 'password',
            user,
            kind: 'user',
            scope,
            grantId,
          })),
          refresh_token: refreshToken,
        };
      }),
  };
}

async function findUser(
  { database }: Pick<ApiContext, 'database'>,
  applicationId: string,
  username: string,
): Promise<User | undefined> {
  // No e-mail address holds a control character, and the database does not take every one of them.
  if (/\p{Cc}/u.test(username)) {
    return undefined;
  }
  const user = await database.user.findUnique({
    where: { applicationId_email: { applicationId, email: username.toLowerCase() } },
  });

  return user?.kind === 'user' ? user : undefined;
}
