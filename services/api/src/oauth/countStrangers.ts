import OAuth2Server from '@node-oauth/oauth2-server';
import { errorTable } from '@parley/protocol';
import type { ApiContext } from '../context.ts';
import { takeAddress, type Gate } from '../operations/receive.ts';
import { toProtocolError } from '../requests/toProtocolError.ts';

/**
 * Does what comes before the client is known. Who does not get past it is a stranger, whose request is counted by
 * address; what fails by a fault of ours is counted for nobody.
 */
export async function countStrangers<Result>(
  context: Pick<ApiContext, 'limits'>,
  gate: Pick<Gate, 'addressRequestsPerMinute'>,
  exchange: Parameters<typeof takeAddress>[2],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isOfSender(error)) {
      await takeAddress(context, gate, exchange);
    }
    throw error;
  }
}

function isOfSender(error: unknown): boolean {
  return error instanceof OAuth2Server.OAuthError || errorTable[toProtocolError(error).code].status < 500;
}
