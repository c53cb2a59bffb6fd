import { exponentialBackoff, InterruptibleClock, retry } from '@parley/kit';
import type { Logger } from 'pino';
import { publishAll, type PublishAllContext } from './publishAll.ts';
import { publishContents } from './publishContents.ts';
import { keyOf, type Published } from './published.ts';
import { putRight } from './putRight.ts';

/** Of more than that all is published again, which takes less to remember. */
const maxPending = 10_000;

/** The database may be away for long. */
const policy = exponentialBackoff({ attempts: Infinity, firstDelayMs: 200, maxDelayMs: 5_000 });

export interface RepairsOptions extends PublishAllContext {
  readonly logger: Logger;
}

/**
 * Puts the backplane right when something was told that was not committed, or of which nobody can say whether it was:
 * what the database says then is told instead, as soon as that answers.
 */
export class Repairs {
  readonly #context: RepairsOptions;
  readonly #clock: InterruptibleClock;
  readonly #pending = new Map<string, Published>();
  /** More was to be put right than could be remembered. */
  #isEverythingDue = false;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(context: RepairsOptions) {
    this.#context = context;
    this.#clock = new InterruptibleClock(context.clock);
  }

  /** Begins at once and does not wait for the end. */
  add(published: readonly Published[]): void {
    for (const one of published) {
      this.#pending.set(keyOf(one), one);
    }
    if (this.#pending.size > maxPending) {
      this.#pending.clear();
      this.#isEverythingDue = true;
    }
    this.#begin();
  }

  /** The backplane has lost what it was told. */
  addEverything(): void {
    this.#isEverythingDue = true;
    this.#begin();
  }

  /** What is left is for the api that starts next; the database may be closed afterwards. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#clock.interrupt();
    await this.#running;
  }

  get #isDue(): boolean {
    return this.#isEverythingDue || this.#pending.size > 0;
  }

  #begin(): void {
    if (this.#isDue && !this.#isClosed) {
      this.#running ??= this.#run();
    }
  }

  async #run(): Promise<void> {
    const { logger } = this.#context;
    logger.warn('backplane does not say what the database does; it is put right');
    const isRetryable = (): boolean => !this.#isClosed;
    try {
      while (this.#isDue && !this.#isClosed) {
        await retry(() => this.#putAllRight(), { policy, isRetryable, clock: this.#clock });
      }
    } catch (error) {
      logger.warn({ err: error }, 'backplane not put right');
    }
    if (!this.#isDue) {
      logger.info('backplane put right');
    }
    this.#running = undefined;
  }

  /** Stops at what fails, which comes last in the next attempt. */
  async #putAllRight(): Promise<void> {
    if (this.#isEverythingDue) {
      this.#isEverythingDue = false;
      await publishAll(this.#context).catch((error: unknown) => {
        this.#isEverythingDue = true;
        throw error;
      });
    }
    for (const [key, one] of this.#pending) {
      if (this.#isClosed) {
        return;
      }
      // Before it is done: it may have to be done again by then.
      this.#pending.delete(key);
      await this.#putRight(one).catch((error: unknown) => {
        this.#pending.set(key, one);
        throw error;
      });
    }
  }

  async #putRight(published: Published): Promise<void> {
    const isThere = await putRight(this.#context, published);
    if (isThere && published.kind === 'application') {
      // Removed with the application, when that was what came to nothing.
      await publishContents(this.#context, published.id);
    }
  }
}
