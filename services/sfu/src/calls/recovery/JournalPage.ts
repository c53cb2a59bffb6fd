import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@parley/kit';
import type { KeptCall } from './keptCall.ts';

/** Between two writings there pass as many times the time of one: they take no more than a tenth of it. */
const restFactor = 10;
const minRestMs = 10;
const maxRestMs = 500;

/** A disk that failed is tried again, also when nothing more changes. */
const restAfterFailureMs = 5_000;

export interface JournalPageOptions {
  readonly path: string;
  /** What the call is like now. */
  readonly describe: () => KeptCall;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** The file of one call. It is always whole: each writing replaces it. */
export class JournalPage {
  readonly #options: JournalPageOptions;
  #state: 'clean' | 'changed' | 'sealed' | 'removed' = 'clean';
  #isWritten = false;
  #writing: Promise<void> | undefined;
  /** Ends the rest between two writings. */
  #wake: () => void = () => {};

  constructor(options: JournalPageOptions) {
    this.#options = options;
  }

  /** The call has changed: that is written soon, with what changes meanwhile. */
  touch(): void {
    if (this.#state === 'clean') {
      this.#state = 'changed';
      this.#writing ??= this.#write();
    }
  }

  /** Whether some state of the call is on the disk. */
  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** The call is written as it is now and not again. Settles once it is. */
  async seal(): Promise<void> {
    const last = this.#options.describe();
    this.#state = 'sealed';
    this.#wake();
    await this.#writing;
    await this.#replace(() => last);
  }

  /** The call is over. Idempotent; settles once nothing of it is left. */
  async remove(): Promise<void> {
    this.#state = 'removed';
    this.#wake();
    await this.#writing;
    await rm(this.#options.path, { force: true });
  }

  get #isOver(): boolean {
    return this.#state === 'sealed' || this.#state === 'removed';
  }

  async #write(): Promise<void> {
    // What else happens in this turn, and the answer to whoever caused it, comes first.
    await setImmediate();
    while (this.#state === 'changed') {
      this.#state = 'clean';
      const beganAtMs = performance.now();
      const isDone = await this.#replace(this.#options.describe);
      // Not worth waiting for once the call is over.
      if (!this.#isOver) {
        this.#state = isDone ? this.#state : 'changed';
        await this.#rest(isDone ? restAfter(performance.now() - beganAtMs) : restAfterFailureMs);
      }
    }
    this.#writing = undefined;
  }

  /** Answers whether the disk has taken it. */
  async #replace(describe: () => KeptCall): Promise<boolean> {
    const { path, onError } = this.#options;
    const draft = `${path}.${randomUUID()}`;
    try {
      await writeFile(draft, JSON.stringify(describe()), { mode: 0o600 });
      await rename(draft, path);
      this.#isWritten = true;

      return true;
    } catch (error) {
      onError(error);
      await rm(draft, { force: true }).catch(() => {});

      return false;
    }
  }

  async #rest(restMs: number): Promise<void> {
    const { promise: rested, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.schedule(restMs, resolve);
    this.#wake = resolve;
    await rested;
    timer.cancel();
  }
}

function restAfter(tookMs: number): number {
  return Math.min(maxRestMs, Math.max(minRestMs, tookMs * restFactor));
}
