import { BoundedMap, type Clock } from '@parley/kit';
import { tooManyRequests, type Identity } from '@parley/protocol';

/** How long somebody stays out for the first time; each time after it is twice as long. */
const firstMs = 10_000;
const longestMs = 600_000;

/** After this long without another excess it was the first one again. */
const rememberedMs = 1_800_000;

/** Users who are remembered; beyond them the one whose excess is longest ago is not. */
const maxUsers = 1_000;

interface Excess {
  readonly atMs: number;
  readonly outForMs: number;
}

/**
 * Who was put out of one call since they sent more than is allowed. They stay out for a while: let in again at once, they
 * would go on with what nobody has counted yet.
 */
export class Excesses {
  readonly #clock: Clock;
  readonly #byUser = new BoundedMap<string, Excess>(maxUsers);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ userId }: Pick<Identity, 'userId'>): void {
    const atMs = this.#clock.now();
    const before = this.#byUser.get(userId);
    const isFirst = before === undefined || atMs - before.atMs > rememberedMs;
    this.#byUser.set(userId, {
      atMs,
      outForMs: isFirst ? firstMs : Math.min(2 * before.outForMs, longestMs),
    });
  }

  /** Throws `too_many_requests` with the time to wait for somebody who is still to stay out. */
  requireOver({ userId }: Pick<Identity, 'userId'>): void {
    const excess = this.#byUser.get(userId);
    const leftMs = excess === undefined ? 0 : excess.atMs + excess.outForMs - this.#clock.now();
    if (leftMs > 0) {
      throw tooManyRequests(leftMs / 1000, 'Too much was sent by this user.');
    }
  }
}
