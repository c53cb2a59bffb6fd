import { TokenBucket, type Clock } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';

/** Seconds of the rate that may be spent at once. */
const burstSeconds = 2;

/** Calls that are entered at about the same time. */
const maxTargets = 10_000;

/** How fast calls may be entered, each by itself: a crowd at one door keeps nobody from another. */
export class JoinRates {
  readonly #perSecond: number;
  readonly #clock: Clock;
  /** By application and room or call, the one entered last at the end. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Throws `too_many_requests` with the time to wait. `target` is a room's or a call's id. */
  require(applicationId: string, target: string): void {
    const key = `${applicationId}/${target}`;
    const perSecond = this.#perSecond;
    const bucket =
      this.#buckets.get(key) ??
      new TokenBucket({ capacity: perSecond * burstSeconds, perSecond, clock: this.#clock });
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#shrink();
    const waitSeconds = bucket.take();
    if (waitSeconds > 0) {
      throw new ProtocolError('too_many_requests', 'Too many are entering the call at once.', {
        retryAfterSeconds: Math.ceil(waitSeconds),
      });
    }
  }

  #shrink(): void {
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxTargets && oldest !== undefined) {
      this.#buckets.delete(oldest);
    }
  }
}
