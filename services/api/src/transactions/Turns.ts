import { createDeferred, type Clock, type Deferred } from '@parley/kit';

export interface TurnsOptions {
  /** How many of one owner run at a time. */
  readonly atOnce: number;
  /** How many of one owner wait at a time. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** What those are told who would be too many, or who waited for too long. */
  readonly refusal: () => Error;
}

interface Line {
  running: number;
  readonly waiting: Deferred<void>[];
}

/** Lets each owner do so many things at a time; more of the same owner wait their turn, and nobody else's. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line>();

  constructor(options: TurnsOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Does `work` when it is its turn, or throws the refusal. */
  async take<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(owner) ?? { running: 0, waiting: [] };
    this.#lines.set(owner, line);
    if (line.running < this.#options.atOnce) {
      line.running += 1;
    } else {
      await this.#wait(line);
    }
    try {
      return await work();
    } finally {
      this.#pass(owner, line);
    }
  }

  /** Refuses those who wait, when it is known that they would wait for nothing. */
  refuseWaiting(owner: string, error: unknown): void {
    this.#lines
      .get(owner)
      ?.waiting.splice(0)
      .forEach((turn) => turn.reject(error));
  }

  async #wait({ waiting }: Line): Promise<void> {
    const { maxWaiting, maxWaitMs, refusal } = this.#options;
    if (waiting.length >= maxWaiting) {
      throw refusal();
    }
    const turn = createDeferred<void>();
    waiting.push(turn);
    const timer = this.#clock.schedule(maxWaitMs, () => {
      const place = waiting.indexOf(turn);
      if (place >= 0) {
        waiting.splice(place, 1);
        turn.reject(refusal());
      }
    });
    await turn.promise.finally(() => timer.cancel());
  }

  /** The next takes the place over, so that nobody who comes just now slips in before. */
  #pass(owner: string, line: Line): void {
    const next = line.waiting.shift();
    if (next !== undefined) {
      next.resolve();

      return;
    }
    line.running -= 1;
    if (line.running === 0) {
      this.#lines.delete(owner);
    }
  }
}
