import { retry, type Clock } from '@parley/kit';
import type { RequestAnswer } from '@parley/protocol';
import { refusedForMs } from '../errors.ts';
import { untilConnected } from '../signaling/reconnectDelays.ts';
import { NoAnswerError, NotConnectedError, type Request } from '../signaling/request.ts';

interface AskingOptions {
  /** Over the connection of this moment or not at all. */
  request: Request;
  /** Of the pauses between two tries; interrupted when the connection is lost. */
  clock: Clock;
  /** The server does not answer over this connection any more. */
  giveUpConnection: () => void;
}

/**
 * Asks for the call as it is now, again while the server cannot say it. Undefined when the connection was lost over
 * that: coming back to the place over another makes up for what is missing, too.
 */
export async function askForSnapshot(
  callId: string,
  { request, clock, giveUpConnection }: AskingOptions,
): Promise<RequestAnswer<'getSnapshot'> | undefined> {
  try {
    return await retry(() => request('getSnapshot', { callId }), {
      policy: untilConnected,
      isRetryable: (error) => !(error instanceof NotConnectedError || error instanceof NoAnswerError),
      leastDelayMs: refusedForMs,
      clock,
    });
  } catch (error) {
    if (error instanceof NoAnswerError) {
      giveUpConnection();
    }

    return undefined;
  }
}
