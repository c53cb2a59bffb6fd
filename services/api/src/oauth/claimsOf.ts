import { ProtocolError } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';
import type { ApiContext } from '../context.ts';

/** What a session token says; undefined for what is no token of ours, or is one no more. */
export async function claimsOf(
  { verify }: Pick<ApiContext, 'verify'>,
  token: string,
): Promise<SessionClaims | undefined> {
  try {
    return await verify(token);
  } catch (error) {
    if (error instanceof ProtocolError) {
      return undefined;
    }
    throw error;
  }
}
