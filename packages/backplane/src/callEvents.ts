import type { CallKind, EndReasonName, Identity, Role, Survey } from '@parley/protocol';

interface OfCall {
  /** The same whenever the event comes again, and of no other event. */
  readonly eventId: string;
  readonly applicationId: string;
  readonly callId: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

interface OfParticipant extends OfCall {
  readonly participantId: string;
}

/** What happens in a call, as its home node tells it. */
export type CallEvent =
  | (OfCall & {
      readonly name: 'callStarted';
      readonly kind: CallKind;
      readonly nodeId: string;
      readonly roomId?: string;
    })
  /** The first callee has answered; of a room, with its start. */
  | (OfCall & { readonly name: 'callConnected' })
  /** Somebody begins to ring or to enter. */
  | (OfParticipant & { readonly name: 'participantJoined'; readonly identity: Identity; readonly role: Role })
  | (OfParticipant & { readonly name: 'participantConnected' })
  | (OfParticipant & { readonly name: 'roleChanged'; readonly role: Role })
  /** Also for those who never got in. */
  | (OfParticipant & { readonly name: 'participantLeft'; readonly reason: EndReasonName })
  /** What a participant thought of the call; a later one replaces it. */
  | (OfParticipant & { readonly name: 'surveySubmitted'; readonly survey: Survey })
  /** Everybody has left before: those in it with the same reason, those who only rang with one of their own. */
  | (OfCall & { readonly name: 'callEnded'; readonly reason: EndReasonName });

/** Rejects what it cannot take now. */
export type CallEventConsumer = (events: readonly CallEvent[]) => Promise<void>;

export interface CallEventSubscription {
  /**
   * Hands over what was published before, and resolves once no event is being handled; those that the consumer
   * rejects are kept. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * The stream of what happens in calls: in order for each call, at least once. Who reads it knows by its id an event
 * that comes again.
 */
export interface CallEvents {
  /** Never waits and never throws: what cannot be delivered now is kept until it can. */
  publish(event: CallEvent): void;
  /**
   * Hands every event to `consumer`, those that were published before included, and again when it rejects. One
   * consumer a stream.
   */
  consume(consumer: CallEventConsumer): CallEventSubscription;
}
