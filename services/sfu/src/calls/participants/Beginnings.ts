import type { Clock } from '@parley/kit';
import { mediaSources, type MediaSource } from '@parley/protocol';
import type { Participant } from './Participant.ts';
import { ParticipantRate } from './ParticipantRate.ts';

/** What a participant begins anew: to send a source, or to go on with a call that was on hold. */
type Beginning = MediaSource | 'goOn';

export interface BeginningsOptions {
  /** Of each of them, all of which may come at once. */
  readonly perMinute: number;
  readonly clock: Clock;
}

/**
 * How often each participant may begin one thing anew: it is told to everybody, and the workers have something to make
 * or to change for each. What is produced again after the server's own reset never ended, and is not counted.
 */
export class Beginnings {
  readonly #rates: ReadonlyMap<Beginning, ParticipantRate>;

  constructor({ perMinute, clock }: BeginningsOptions) {
    const rateOf = (refusal: string): ParticipantRate => new ParticipantRate({ perMinute, clock, refusal });
    this.#rates = new Map<Beginning, ParticipantRate>([
      ['goOn', rateOf('The call was put on hold too often.')],
      ...mediaSources.map((source) => [source, rateOf(`The ${source} was begun too often.`)] as const),
    ]);
  }

  /** Throws `too_many_requests` with the time to wait. */
  require(participant: Participant, beginning: Beginning): void {
    this.#rates.get(beginning)?.require(participant);
  }
}
