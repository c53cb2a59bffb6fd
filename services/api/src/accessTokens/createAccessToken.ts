import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';
import { lockHolder } from '../tokens/lockHolder.ts';
import { makeAccessToken } from './makeAccessToken.ts';

/** One for every device somebody could have, and a bound for a backend that makes one at every start. */
const maxAccessTokens = 100;

export const createAccessToken: Handler<'createAccessToken'> = async (call) => {
  const { context, database, body } = call;
  // Against others who make one: each would count the tokens without the other's.
  const user = await lockHolder(database, call, 'change');
  const count = await database.accessToken.count({
    where: { applicationId: user.applicationId, userId: user.id },
  });
  if (count >= maxAccessTokens) {
    throw new ProtocolError(
      'conflict',
      `The user has ${maxAccessTokens} access tokens, and more are not kept: revoke one.`,
    );
  }

  return makeAccessToken(context, database, user, body.name);
};
