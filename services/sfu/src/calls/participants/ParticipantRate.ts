import { TokenBucket, type Clock } from '@parley/kit';
import { tooManyRequests } from '@parley/protocol';
import type { Participant } from './Participant.ts';

export interface ParticipantRateOptions {
  /** All of which may come at once. */
  readonly perMinute: number;
  readonly clock: Clock;
  /** What a participant is told who does it too often. */
  readonly refusal: string;
}

/** How often each participant may do one thing that costs the server more than it costs them. */
export class ParticipantRate {
  readonly #options: ParticipantRateOptions;
  readonly #buckets = new WeakMap<Participant, TokenBucket>();

  constructor(options: ParticipantRateOptions) {
    this.#options = options;
  }

  /** Throws `too_many_requests` with the time to wait. */
  require(participant: Participant): void {
    const { perMinute, clock, refusal } = this.#options;
    const bucket =
      this.#buckets.get(participant) ??
      new TokenBucket({ capacity: perMinute, perSecond: perMinute / 60, clock });
    this.#buckets.set(participant, bucket);
    const waitSeconds = bucket.take();
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, refusal);
    }
  }
}
