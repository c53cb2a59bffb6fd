import { createDeferred, type Clock } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { RequestHandler } from 'express';

/** How long `close()` waits for answers under way; a slow reader of a file must not hold up the rest. */
const patienceMs = 5_000;

/**
 * Lets the requests under way finish and refuses new ones, so that what they work with can be closed afterwards.
 *
 *     open ── close() ──► draining
 */
export class Drain {
  readonly #clock: Clock;
  readonly #empty = createDeferred<void>();
  #state: 'open' | 'draining' = 'open';
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  readonly middleware: RequestHandler = (_request, response, next) => {
    if (!this.isOpen) {
      response.set('Connection', 'close');
      throw new ProtocolError('unavailable', 'The service is stopping.', { retryAfterSeconds: 1 });
    }
    this.#running += 1;
    response.once('close', () => {
      this.#running -= 1;
      this.#settle();
    });

    next();
  };

  async close(): Promise<void> {
    this.#state = 'draining';
    this.#settle();
    const limit = this.#clock.schedule(patienceMs, () => this.#empty.resolve());
    await this.#empty.promise;
    limit.cancel();
  }

  #settle(): void {
    if (this.#state === 'draining' && this.#running === 0) {
      this.#empty.resolve();
    }
  }
}
