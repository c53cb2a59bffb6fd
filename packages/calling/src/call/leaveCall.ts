import type { Clock } from '@parley/kit';
import { toCallError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Request } from '../signaling/request.ts';

/** Longest wait for the server to confirm that this participant has left. */
const leaveTimeoutMs = 3_000;

interface LeavingOptions {
  clock: Clock;
  logger: Logger;
  /** The server knows, or cannot be told. */
  onOver: () => void;
}

/** Resolves when it is over, or earlier when that takes long. Never rejects. */
export async function leaveCall(
  request: Request,
  callId: string,
  { clock, logger, onOver }: LeavingOptions,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const enough = clock.schedule(leaveTimeoutMs, resolve);
    void request('leaveCall', { callId }, { timeoutMs: leaveTimeoutMs })
      .catch((error: unknown) => {
        logger.debug('leaving was not confirmed', { callId, code: toCallError(error).code });
      })
      .finally(() => {
        enough.cancel();
        onOver();
        resolve();
      });
  });
}
