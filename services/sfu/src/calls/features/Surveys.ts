import { randomUUID } from 'node:crypto';
import type { CallEvents } from '@parley/backplane';
import type { Clock } from '@parley/kit';
import { ProtocolError, type RequestData } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';

/** How long after leaving a call somebody may say what they thought of it. */
const acceptedMs = 10 * 60_000;

/** Somebody's part in a call, which may be over. */
export interface Part {
  readonly applicationId: string;
  readonly callId: string;
  readonly participantId: string;
  readonly userId: string;
}

interface Left {
  readonly part: Part;
  readonly atMs: number;
}

export interface SurveysOptions {
  readonly callEvents: CallEvents;
  readonly clock: Clock;
}

/**
 * What people thought of their calls on this node, the calls that have ended included. It goes to the call's record,
 * where a newer survey of one participant replaces the one before.
 */
export class Surveys {
  readonly #options: SurveysOptions;
  /** Those who left a short while ago, the earliest first. */
  readonly #left = new Map<string, Left>();

  constructor(options: SurveysOptions) {
    this.#options = options;
  }

  /** Somebody who was in a call has left it. */
  left(part: Part): void {
    const atMs = this.#options.clock.now();
    this.#forgetEarlier(atMs - acceptedMs);
    this.#left.set(part.participantId, { part, atMs });
  }

  /**
   * Throws `call_not_found` unless the participant is one of the endpoint's user, and in the call or has left it a
   * short while ago.
   *
   * @param present The participant, while in the call.
   */
  submit(
    endpoint: CallEndpoint,
    { callId, participantId, survey }: RequestData<'submitSurvey'>,
    present: Part | undefined,
  ): void {
    const { callEvents, clock } = this.#options;
    const { applicationId, identity } = endpoint;
    this.#forgetEarlier(clock.now() - acceptedMs);
    const part = present ?? this.#left.get(participantId)?.part;
    const isTheirs =
      part?.callId === callId && part.applicationId === applicationId && part.userId === identity.userId;
    if (!isTheirs) {
      throw new ProtocolError('call_not_found');
    }
    callEvents.publish({
      name: 'surveySubmitted',
      eventId: randomUUID(),
      applicationId,
      callId,
      participantId,
      atMs: clock.now(),
      survey,
    });
  }

  #forgetEarlier(thanMs: number): void {
    for (const [participantId, { atMs }] of this.#left) {
      if (atMs > thanMs) {
        return;
      }
      this.#left.delete(participantId);
    }
  }
}
