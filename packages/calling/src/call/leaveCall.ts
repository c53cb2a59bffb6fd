import { toCallError } from '../errors.ts';
import type { CallDependencies } from './callDependencies.ts';

/** Longest wait for the server to confirm that this participant has left. */
const leaveTimeoutMs = 3_000;

/** Never rejects: a server that cannot be told has ended this participant's part by itself. */
export async function leaveCall(
  callId: string,
  { request, logger }: Pick<CallDependencies, 'request' | 'logger'>,
): Promise<void> {
  try {
    await request('leaveCall', { callId }, { timeoutMs: leaveTimeoutMs });
  } catch (error) {
    logger.debug('leaving was not confirmed', { callId, code: toCallError(error).code });
  }
}
