import { ProtocolError } from '@parley/protocol';
import type { IssuedToken, IssueToken } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { signSession, type Signer } from './signSession.ts';

/** A session token for a user of the application. */
export async function issueUserToken(
  context: Pick<ApiContext, 'database'> & Signer,
  applicationId: string,
  userId: string,
  { scopes, expiresInSeconds }: IssueToken,
): Promise<IssuedToken> {
  const user = await context.database.user.findUnique({
    where: { applicationId_id: { applicationId, id: userId } },
  });
  if (user === null) {
    throw new ProtocolError('not_found', 'There is no such user.');
  }
  const { token, expiresAt } = await signSession(context, {
    applicationId,
    identity: { userId, displayName: user.displayName, kind: 'user' },
    scopes,
    expiresInSeconds,
  });

  return { token, expiresAt: expiresAt.toISOString() };
}
