import { retry, type Clock } from '@parley/kit';
import type { ErrorCode, RequestAnswer } from '@parley/protocol';
import { CallError, refusedForMs } from '../errors.ts';
import { untilConnected } from '../signaling/reconnectDelays.ts';
import { NoAnswerError, NotConnectedError, type Request } from '../signaling/request.ts';

/** There is no place here. Why, the answer to `resume` says. */
const noPlaceCodes: ReadonlySet<ErrorCode> = new Set(['call_not_found', 'removed_from_call']);

interface AskingOptions {
  /** Over the connection of this moment or not at all. */
  request: Request;
  /** Of the pauses between two tries; interrupted when the connection is lost. */
  clock: Clock;
  /** Only coming back to the place can help: the server does not answer, or knows of no place here. */
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
      isRetryable: (error) => !(error instanceof NotConnectedError || isPlaceInDoubt(error)),
      leastDelayMs: refusedForMs,
      clock,
    });
  } catch (error) {
    if (isPlaceInDoubt(error)) {
      giveUpConnection();
    }

    return undefined;
  }
}

function isPlaceInDoubt(error: unknown): boolean {
  return error instanceof NoAnswerError || (error instanceof CallError && noPlaceCodes.has(error.code));
}
