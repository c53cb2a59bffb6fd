import { retry, type Clock } from '@parley/kit';
import type { RequestData, Resumed } from '@parley/protocol';
import { CallError, refusedForMs } from '../errors.ts';
import { untilConnected } from '../signaling/reconnectDelays.ts';
import { NoAnswerError, NotConnectedError } from '../signaling/request.ts';
import type { ServerLink } from '../signaling/ServerLink.ts';

/** A socket that stays silent for so long is no better than none. */
const resumeTimeoutMs = 5_000;

interface AskingOptions {
  /** Of the pauses between two tries; interrupted when the connection is lost. */
  clock: Clock;
  isWanted: () => boolean;
}

/**
 * Asks for the way back to one's place, again while the server cannot say it. Undefined when the connection was lost
 * over that: the next one asks anew.
 *
 * @throws CallError as the server answered.
 */
export async function askToResume(
  link: ServerLink,
  data: RequestData<'resume'>,
  { clock, isWanted }: AskingOptions,
): Promise<Resumed | undefined> {
  const connection = link.connectionCount;
  const isCurrent = (): boolean =>
    isWanted() && link.state === 'connected' && link.connectionCount === connection;
  try {
    const answer = await retry(
      () =>
        isCurrent()
          ? link.request('resume', data, { timeoutMs: resumeTimeoutMs })
          : Promise.reject(new NotConnectedError()),
      { policy: untilConnected, isRetryable: mayBeAnsweredLater, leastDelayMs: refusedForMs, clock },
    );

    return isCurrent() ? answer : undefined;
  } catch (error) {
    if (error instanceof NotConnectedError || !isCurrent()) {
      return undefined;
    }
    if (error instanceof NoAnswerError) {
      link.giveUpConnection();

      return undefined;
    }
    throw error;
  }
}

function mayBeAnsweredLater(error: unknown): boolean {
  return (
    error instanceof CallError &&
    error.isRetryable &&
    !(error instanceof NoAnswerError) &&
    !(error instanceof NotConnectedError)
  );
}
