import { systemClock, type Clock } from './clock.ts';

/** Milliseconds to wait before attempt `attempt` (2 is the first repeat), or undefined to give up. */
export type RetryPolicy = (attempt: number) => number | undefined;

export interface ExponentialBackoff {
  /** Attempts in all, the first one included. */
  attempts: number;
  firstDelayMs: number;
  maxDelayMs: number;
  /** 0 to 1: the share of each delay that is random, so that many clients do not come back together. */
  jitter?: number;
  random?: () => number;
}

/** Doubles the delay at each attempt up to `maxDelayMs`. */
export function exponentialBackoff(options: ExponentialBackoff): RetryPolicy {
  const { attempts, firstDelayMs, maxDelayMs, jitter = 0.5, random = Math.random } = options;

  return (attempt) => {
    if (attempt > attempts) {
      return undefined;
    }
    const delayMs = Math.min(firstDelayMs * 2 ** (attempt - 2), maxDelayMs);

    return delayMs * (1 - jitter * random());
  };
}

export interface ListedDelays {
  /** Before the second attempt, before the third, and so on. */
  delaysMs: readonly number[];
  /** After the list is used up: give up, or go on with the last delay. */
  atEnd: 'give up' | 'repeat the last';
  /** As in `ExponentialBackoff`. */
  jitter?: number;
  random?: () => number;
}

/** Waits as long as the list says. */
export function listedDelays(options: ListedDelays): RetryPolicy {
  const { delaysMs, atEnd, jitter = 0.5, random = Math.random } = options;

  return (attempt) => {
    const delayMs = delaysMs[attempt - 2] ?? (atEnd === 'give up' ? undefined : delaysMs.at(-1));

    return delayMs === undefined ? undefined : delayMs * (1 - jitter * random());
  };
}

export interface RetryOptions {
  policy: RetryPolicy;
  /** False ends the loop at once with that error. */
  isRetryable?: (error: unknown) => boolean;
  /** What the other side asks for after that error: the wait is not shorter, whatever the policy says. */
  leastDelayMs?: (error: unknown) => number;
  clock?: Clock;
}

/** The only retry loop of the code base: runs `task` until it succeeds or the policy gives up. */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, isRetryable = () => true, leastDelayMs = () => 0, clock = systemClock } = options;

  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task(attempt);
    } catch (error) {
      const delayMs = isRetryable(error) ? policy(attempt + 1) : undefined;
      if (delayMs === undefined) {
        throw error;
      }
      const waitMs = Math.max(delayMs, leastDelayMs(error));
      await new Promise<void>((resolve) => clock.schedule(waitMs, resolve));
    }
  }
}
