import { randomUUID } from 'node:crypto';
import type { CallEvent } from '@parley/backplane';
import { SerialQueue } from '@parley/kit';
import type { EndReasonName, Identity, Resumed } from '@parley/protocol';
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
  /** Each with the id of its participant, of those who are in the call, ring or wait. */
  readonly #participantLoggers = new Map<string, Logger>();
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

  /** The process stops, and the next one goes on with the call: nothing of it has ended. */
  kept(): void {
    this.#logger.info('call kept');
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
    this.#logger.info('call connected');
    this.#publish({ name: 'callConnected' });
  }

  /** Somebody begins to ring. */
  rung(participant: Participant, identity: Identity): void {
    this.#loggerOf(participant).info('participant ringing');
    this.joined(participant, identity);
  }

  /** Somebody waits to be let in. */
  waits(participant: Participant): void {
    this.#loggerOf(participant).info('participant waiting');
  }

  /** Somebody waits no more, and was not let in. */
  turnedAway(participant: Participant, reason: EndReasonName): void {
    this.#loggerOf(participant).info({ reason }, 'participant turned away');
    this.#participantLoggers.delete(participant.id);
  }

  /** Somebody waits in the next process: nothing more is said of them in this one, though they were about to enter. */
  waitsOn({ id }: Participant): void {
    this.#present.delete(id);
    this.#participantLoggers.delete(id);
  }

  /** Somebody begins to ring or to enter. */
  joined({ id, role }: Participant, identity: Identity): void {
    this.#present.set(id, { userId: identity.userId, isConnected: false });
    this.#publish({ name: 'participantJoined', participantId: id, identity, role });
  }

  participantConnected(participant: Participant, endpointId: string): void {
    const { id } = participant;
    const present = this.#present.get(id);
    if (present !== undefined) {
      present.isConnected = true;
    }
    this.#loggerOf(participant).info({ endpointId }, 'participant joined');
    this.#publish({ name: 'participantConnected', participantId: id });
    this.#list();
  }

  /** The connection of somebody who is in the call, or waits, is lost; their place is kept. */
  lost(participant: Participant, endpointId: string): void {
    this.#loggerOf(participant).info({ endpointId }, 'participant reconnecting');
  }

  /** They are back: with the media they had, or with other media. */
  resumed(participant: Participant, endpointId: string, action: Resumed['action']): void {
    this.#loggerOf(participant).info({ endpointId, action }, 'participant resumed');
  }

  iceRestarted(participant: Participant): void {
    this.#loggerOf(participant).info('ICE restarted');
  }

  roleChanged(participant: Participant): void {
    const { id, role } = participant;
    this.#loggerOf(participant).info({ role }, 'role changed');
    this.#publish({ name: 'roleChanged', participantId: id, role });
  }

  /** Says nothing of somebody who has left already. */
  left(participantId: string, reason: EndReasonName): void {
    const present = this.#present.get(participantId);
    if (present !== undefined) {
      this.#present.delete(participantId);
      this.#expectSurvey(participantId, present);
      this.#loggerOf({ id: participantId }).info({ reason }, 'participant left');
      this.#participantLoggers.delete(participantId);
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
    this.#participantLoggers.clear();
    this.#logger.info({ reason }, 'call ended');
    this.#publish({ name: 'callEnded', reason });
    const { applicationId, id: callId } = this.#call;
    this.#push(() => this.#deps.backplane.callDirectory.remove({ applicationId, callId }));
  }

  #loggerOf({ id: participantId }: Pick<Participant, 'id'>): Logger {
    const logger = this.#participantLoggers.get(participantId) ?? this.#logger.child({ participantId });
    this.#participantLoggers.set(participantId, logger);

    return logger;
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
