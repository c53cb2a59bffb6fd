import { ProtocolError } from '@parley/protocol';
import { findAccessToken } from '../accessTokens/findAccessToken.ts';
import type { Prepare } from '../operations/handlerTypes.ts';

/** Finds the access token that a page brings, and whether its application may be used from there. */
export const admitHolder: Prepare<'createSession'> = async ({
  context: { database },
  body,
  admitVisitor,
}) => {
  const found = await findAccessToken(database, body.accessToken);
  if (found === undefined) {
    throw invalidAccessToken();
  }
  await admitVisitor(found);

  return found;
};

export function invalidAccessToken(): ProtocolError {
  return new ProtocolError('unauthenticated', 'The access token is not valid.');
}
