import type { PreCallCause } from './precallTypes.ts';

/** As the promise, unless it is stopped before: then it rejects at once with the signal's reason. */
export function unless<T>(stop: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onStop = (): void => reject(stop.reason);
    const settle = (): void => stop.removeEventListener('abort', onStop);
    promise.then(resolve, reject).finally(settle);
    if (stop.aborted) {
      onStop();
    } else {
      stop.addEventListener('abort', onStop, { once: true });
    }
  });
}

/** The test is over before its end, or a part of it is. */
export class Stopped extends Error {
  readonly code: PreCallCause;

  constructor(code: PreCallCause) {
    super(code);
    this.code = code;
  }
}

/** By the code of what was thrown: that of this module or an error of the SDK, which is another bundle's class. */
export function causeOf(error: unknown): PreCallCause {
  const code = (error as { code?: unknown } | undefined)?.code;
  // A server from before version 2.2 knows no such request.
  const known = code === 'invalid_request' ? 'not_supported' : code;

  return typeof known === 'string' ? (known as PreCallCause) : 'internal';
}
