import type { Clock, Timer } from '@parley/kit';
import type { RedisLink } from './RedisLink.ts';
import { script } from './script.ts';

/** What was put goes by itself after an hour, should nobody be left to take it away. */
export const entryMs = 60 * 60 * 1_000;
const putAgainMs = entryMs / 2;

const beat = script(`
local lease = key('owner:' .. ARGV[1])
local was = redis.call('EXISTS', lease)
redis.call('SET', lease, 1, 'PX', ARGV[2])
return was`);

/**
 * Says five times within its lease that this process lives, and has what belongs to it put again: when Redis is back, when this
 * process was silent for so long that others took it for dead, and before what was put expires.
 */
export class Ownership {
  readonly #link: RedisLink;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #tasks: (() => Promise<void>)[] = [];
  #timer: Timer | undefined;
  #putAtMs = 0;
  #isDue = false;

  /** @param leaseMs A process that says nothing for so long is taken for dead, and so is all that it has put. */
  constructor(link: RedisLink, clock: Clock, leaseMs: number) {
    this.#link = link;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
    link.whenUp(async () => {
      await this.#beat();
      await this.#putAll();
      this.#schedule();
    });
  }

  /** `task` puts what belongs to this process. */
  add(task: () => Promise<void>): void {
    this.#tasks.push(task);
  }

  /** Something could not be put: all of it is, as soon as that can be. */
  putSoon(): void {
    this.#isDue = true;
  }

  /**
   * What was put and not taken away counts until the lease is over, as it does when the process is killed: in the place of
   * one that stops another may start, and others send clients there meanwhile. Idempotent.
   */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.schedule(this.#leaseMs / 5, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    try {
      const wasAlive = await this.#beat();
      if (!wasAlive || this.#isDue || this.#clock.now() - this.#putAtMs >= putAgainMs) {
        await this.#putAll();
      }
    } catch {
      // The link is down, and begins again when it is up; or Redis refuses, and is asked again.
    }
    if (this.#timer !== undefined) {
      this.#schedule();
    }
  }

  async #beat(): Promise<boolean> {
    return (await this.#link.run(beat, this.#link.owner, this.#leaseMs)) === 1;
  }

  async #putAll(): Promise<void> {
    this.#isDue = false;
    this.#putAtMs = this.#clock.now();
    try {
      for (const task of this.#tasks) {
        await task();
      }
    } catch (error) {
      this.#isDue = true;
      throw error;
    }
  }
}
