import { randomUUID } from 'node:crypto';
import type { CallEvent } from '@parley/backplane';
import { SerialQueue } from '@parley/kit';
import type { EndReasonName, Identity } from '@parley/protocol';
import type { Logger } from 'pino';
import type { CallDependencies, CallOptions } from './callTypes.ts';
import type { KeptCall } from './recovery/keptCall.ts';
import type { Participant } from './participants/Participant.ts';

/** What an event says beside whose it is and when it happened. */
type Happening = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, 'eventId' | 'applicationId' | 'callId' | 'atMs'>
    : never
  : never;

interface Present {
  readonly userId: string;
  isConnected: boolean;
}

/**
 * Tells the platform of one call: its events, which call records are written from, its place in the call
 * directory, and the log. Nothing that happens in the call waits for it.
 */
export class CallReporter {
  readonly #call: CallOptions;
  readonly #deps: CallDependencies;
  readonly #logger: Logger;
  /** Those who have joined and not left, by participant id. */
  readonly #present = new Map<string, Present>();
  /** An entry that is put must not overtake the one before it, nor come after the removal. */
  readonly #listings = new SerialQueue('listings of a call');

  constructor(call: CallOptions, deps: CallDependencies) {
    this.#call = call;
    this.#deps = deps;
    this.#logger = deps.logger.child({ callId: call.id });
  }

  started(): void {
    const { kind, roomId } = this.#call;
    this.#logger.info({ kind, roomId }, 'call started');
    this.#publish({
      name: 'callStarted',
      kind,
      nodeId: this.#deps.nodeId,
      ...(roomId === undefined ? {} : { roomId }),
    });
    if (kind === 'room') {
      this.connected();
    }
    this.#list();
  }

  /**
   * The call goes on after the process was lost. What was told of it before is not told again; those who rang do so no
   * more.
   */
  restored(participants: readonly Pick<Participant, 'id' | 'identity'>[], ringing: readonly string[]): void {
    this.#logger.info({ participants: participants.length }, 'call restored');
    for (const { id, identity } of participants) {
      this.#present.set(id, { userId: identity.userId, isConnected: true });
    }
    for (const participantId of ringing) {
      this.#publish({ name: 'participantLeft', participantId, reason: 'canceled' });
    }
    this.#list();
  }

  /** The call has ended with the process; whoever was in it left with it. */
  abandoned({ participants, ringing }: KeptCall): void {
    this.restored(
      participants.map(({ id, identity }) => ({ id, identity })),
      ringing,
    );
    this.ended('failed', 'canceled');
  }

  /** The first callee has answered, or the room has opened. */
  connected(): void {
    this.#publish({ name: 'callConnected' });
  }

  /** Somebody begins to ring or to enter. */
  joined({ id, role }: Participant, identity: Identity): void {
    this.#present.set(id, { userId: identity.userId, isConnected: false });
    this.#publish({ name: 'participantJoined', participantId: id, identity, role });
  }

  participantConnected({ id }: Participant, endpointId: string): void {
    const present = this.#present.get(id);
    if (present !== undefined) {
      present.isConnected = true;
    }
    this.#logger.info({ participantId: id, endpointId }, 'participant joined');
    this.#publish({ name: 'participantConnected', participantId: id });
    this.#list();
  }

  roleChanged({ id, role }: Participant): void {
    this.#logger.info({ participantId: id, role }, 'role changed');
    this.#publish({ name: 'roleChanged', participantId: id, role });
  }

  /** Says nothing of somebody who has left already. */
  left(participantId: string, reason: EndReasonName): void {
    const present = this.#present.get(participantId);
    if (present !== undefined) {
      this.#present.delete(participantId);
      this.#expectSurvey(participantId, present);
      this.#logger.info({ participantId, reason }, 'participant left');
      this.#publish({ name: 'participantLeft', participantId, reason });
      this.#list();
    }
  }

  /** Whoever is in the call leaves with it: for that reason, or for `ringingReason` when they never got in. */
  ended(reason: EndReasonName, ringingReason: EndReasonName): void {
    for (const [participantId, present] of this.#present) {
      this.#expectSurvey(participantId, present);
      this.#publish({
        name: 'participantLeft',
        participantId,
        reason: present.isConnected ? reason : ringingReason,
      });
    }
    this.#present.clear();
    this.#logger.info({ reason }, 'call ended');
    this.#publish({ name: 'callEnded', reason });
    const { applicationId, id: callId } = this.#call;
    this.#push(() => this.#deps.backplane.callDirectory.remove({ applicationId, callId }));
  }

  /** Who was in the call may say what they thought of it. */
  #expectSurvey(participantId: string, { userId, isConnected }: Present): void {
    const { applicationId, id: callId } = this.#call;
    if (isConnected) {
      this.#deps.surveys.left({ applicationId, callId, participantId, userId });
    }
  }

  #publish(happening: Happening): void {
    const { applicationId, id: callId } = this.#call;
    const { backplane, clock } = this.#deps;
    const eventId = randomUUID();
    backplane.callEvents.publish({ eventId, applicationId, callId, atMs: clock.now(), ...happening });
  }

  #list(): void {
    const { applicationId, id: callId, roomId, roomEpoch } = this.#call;
    const { backplane, nodeId } = this.#deps;
    const connected = [...this.#present.values()].filter(({ isConnected }) => isConnected);
    const userIds = [...new Set(connected.map(({ userId }) => userId))];
    const listing = {
      applicationId,
      callId,
      nodeId,
      userIds,
      ...(roomId === undefined ? {} : { roomId }),
      ...(roomEpoch === undefined ? {} : { roomEpoch }),
    };
    this.#push(() => backplane.callDirectory.put(listing));
  }

  #push(task: () => Promise<void>): void {
    this.#listings
      .push(task)
      .catch((error: unknown) => this.#logger.error({ err: error }, 'call not listed'));
  }
}
