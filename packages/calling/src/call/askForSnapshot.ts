import { retry, type Clock } from '@parley/kit';
import type { ErrorCode, RequestAnswer } from '@parley/protocol';
import { CallError, refusedForMs } from '../errors.ts';
import { untilConnected, untilGivenUp } from '../signaling/reconnectDelays.ts';
import { NoAnswerError, NotConnectedError, type Request } from '../signaling/request.ts';

/** There is no place here. Why, the answer to `resume` says. */
const noPlaceCodes: ReadonlySet<ErrorCode> = new Set(['call_not_found', 'removed_from_call']);

interface AskingOptions {
  /** So many snapshots in a row have not made up for what is missing: the next is asked for later, in the end never. */
  vainRepairs: number;
  /** Over the connection of this moment or not at all. */
  request: Request;
  /** Of the pauses between two tries; interrupted when the connection is lost. */
  clock: Clock;
  /** Only coming back to the place can help: the server does not answer, knows of no place here, or makes up for nothing. */
  giveUpConnection: () => void;
}

/**
 * Asks for the call as it is now, again while the server cannot say it. Undefined when the connection was lost over
 * that: coming back to the place over another makes up for what is missing, too.
 */
export async function askForSnapshot(
  callId: string,
  { vainRepairs, request, clock, giveUpConnection }: AskingOptions,
): Promise<RequestAnswer<'getSnapshot'> | undefined> {
  if (vainRepairs > 0) {
    const pauseMs = untilGivenUp(vainRepairs + 1);
    if (pauseMs === undefined) {
      giveUpConnection();

      return undefined;
    }
    await new Promise<void>((resolve) => clock.schedule(pauseMs, resolve));
  }
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
