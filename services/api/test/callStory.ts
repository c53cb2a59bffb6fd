import { randomUUID } from 'node:crypto';
import type { CallEvent } from '@parley/backplane';
import type { CallKind, EndReasonName, Role, Survey } from '@parley/protocol';

type Tail<Event> = Event extends CallEvent
  ? Omit<Event, 'eventId' | 'applicationId' | 'callId' | 'atMs'>
  : never;

/** Tells what happens in one call, as its home node would. Times are in seconds after the start. */
export class CallStory {
  readonly events: CallEvent[] = [];
  readonly applicationId: string;
  readonly callId: string;
  readonly #startMs: number;

  constructor(call: { applicationId: string; callId: string; startedAt: string }) {
    this.applicationId = call.applicationId;
    this.callId = call.callId;
    this.#startMs = Date.parse(call.startedAt);
  }

  start(kind: CallKind = 'group', roomId?: string): this {
    return this.#tell(0, {
      name: 'callStarted',
      kind,
      nodeId: 'node-1',
      ...(roomId === undefined ? {} : { roomId }),
    });
  }

  connect(seconds: number): this {
    return this.#tell(seconds, { name: 'callConnected' });
  }

  /** A participant's id is that of the user. */
  join(seconds: number, userId: string, kind: 'user' | 'guest' | 'anonymous' = 'user'): this {
    return this.#tell(seconds, {
      name: 'participantJoined',
      participantId: userId,
      identity: { userId, displayName: `Name of ${userId}`, kind },
      role: 'presenter',
    });
  }

  enter(seconds: number, participantId: string): this {
    return this.#tell(seconds, { name: 'participantConnected', participantId });
  }

  changeRole(seconds: number, participantId: string, role: Role): this {
    return this.#tell(seconds, { name: 'roleChanged', participantId, role });
  }

  leave(seconds: number, participantId: string, reason: EndReasonName): this {
    return this.#tell(seconds, { name: 'participantLeft', participantId, reason });
  }

  /** What a participant thought of it. */
  survey(seconds: number, participantId: string, survey: Survey): this {
    return this.#tell(seconds, { name: 'surveySubmitted', participantId, survey });
  }

  end(seconds: number, reason: EndReasonName): this {
    return this.#tell(seconds, { name: 'callEnded', reason });
  }

  #tell(seconds: number, tail: Tail<CallEvent>): this {
    const { applicationId, callId } = this;
    const atMs = this.#startMs + seconds * 1000;
    this.events.push({ ...tail, eventId: randomUUID(), applicationId, callId, atMs });

    return this;
  }
}
