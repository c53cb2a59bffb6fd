/** How often, and how long, a request is tried again. */
export interface RetryOptions {
  /** Further tries after the first; 0 gives up at once. 4 by default. */
  readonly attempts: number;
  /** A longer `Retry-After` is not waited for: the error is thrown at once. 60 by default. */
  readonly maxDelaySeconds: number;
}

export const defaultRetry: RetryOptions = { attempts: 4, maxDelaySeconds: 60 };

const firstDelaySeconds = 0.5;

/** Seconds to wait where nobody says how long: twice as long each time, and not all clients at once. */
export function backOffSeconds(attempt: number): number {
  return firstDelaySeconds * 2 ** attempt * (0.5 + Math.random() / 2);
}

/** Resolves after that time; rejects with the signal's reason as soon as it is aborted. */
export function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
