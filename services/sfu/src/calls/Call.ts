import { randomUUID } from 'node:crypto';
import type { StateMachine } from '@parley/kit';
import {
  endReasonOfError,
  ProtocolError,
  type EndReasonName,
  type Identity,
  type Joined,
  type MediaOffer,
  type Notification,
  type Role,
} from '@parley/protocol';
import type { CallMedia, ParticipantMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { createCallMachine, type CallMachineState } from './callMachine.ts';
import { CallReporter } from './CallReporter.ts';
import { CallRoles } from './CallRoles.ts';
import type { CallDependencies, CallOptions, Entrant } from './callTypes.ts';
import { Entrances } from './Entrances.ts';
import { Participant } from './Participant.ts';
import { Ringing, type Rung } from './Ringing.ts';
import { Roster } from './Roster.ts';
import { Speakers } from './Speakers.ts';

/**
 * One call: who is in it, who is being rung, and when it is over (`callMachine.ts` has the diagram).
 *
 * What a client is answered on entering and what it is told afterwards fit together without gap or overlap:
 * the snapshot is taken in the same turn in which the participant is put on the roster.
 */
export class Call {
  readonly roles: CallRoles;
  readonly #options: CallOptions;
  readonly #deps: CallDependencies;
  readonly #media: CallMedia;
  readonly #machine: StateMachine<CallMachineState>;
  readonly #roster = new Roster();
  readonly #entrances = new Entrances(this.#roster);
  readonly #reporter: CallReporter;
  readonly #ringing: Ringing;
  readonly #speakers: Speakers;

  private constructor(options: CallOptions, deps: CallDependencies, media: CallMedia) {
    const { id, kind, rules } = options;
    this.#options = options;
    this.#deps = deps;
    this.#media = media;
    this.#machine = createCallMachine(kind);
    this.#reporter = new CallReporter(options, deps);
    this.#speakers = new Speakers(id, this.#roster);
    this.roles = new CallRoles({
      callId: id,
      roster: this.#roster,
      reporter: this.#reporter,
      rules: () => rules?.(),
    });
    this.#ringing = new Ringing({
      call: { id, kind },
      timeoutMs: deps.ringingTimeoutMs,
      clock: deps.clock,
      onRinging: (device, isRinging) => deps.directory.setRinging(device, id, isRinging),
      onRefused: (participantId, reason) => this.#remove(participantId, reason),
    });
    this.#reporter.started();
  }

  /** Rejects with `unavailable` when no media worker can take the call. */
  static async create(options: CallOptions, deps: CallDependencies): Promise<Call> {
    let call: Call | undefined;
    const media = await deps.media.createCallMedia({
      onSpeakers: (participantIds) => call?.hear(participantIds),
      onLost: (reason) => call?.end(reason),
    });
    call = new Call(options, deps, media);

    return call;
  }

  get id(): string {
    return this.#options.id;
  }

  get applicationId(): string {
    return this.#options.applicationId;
  }

  get hasEnded(): boolean {
    return this.#machine.state === 'ended';
  }

  /** Those who are in the call now, and do not only ring. */
  get connected(): ReadonlyMap<CallEndpoint, Participant> {
    return this.#roster.connected;
  }

  /** Also one who only rings. */
  find(participantId: string): Participant | undefined {
    return this.#roster.find(participantId);
  }

  /** Whether the participant is still in the call: an answer of the worker may arrive after they left. */
  has(participant: Participant): boolean {
    return this.find(participant.id) === participant;
  }

  /**
   * Puts somebody on the roster who was not rung. `onEntered` runs in the turn in which that happens, before
   * the snapshot of the answer is taken; an error of its own takes them off again.
   */
  async enter(entrant: Entrant, onEntered: () => void = () => {}): Promise<Joined> {
    const { endpoint, offer } = entrant;
    const participant = new Participant(randomUUID(), this.#admit(entrant), endpoint.identity);
    this.#entrances.begin(endpoint);
    this.#reporter.joined(participant, endpoint.identity);

    try {
      const media = await this.#media.addParticipant(participant.id, offer);
      this.#confirm(participant, entrant, media);
      this.#connect(participant, endpoint, media);
      onEntered();

      return this.#answer(participant, media);
    } catch (error) {
      const refusal = this.#refusalFor(error);
      const reason = endpoint.isConnected ? reasonOf(refusal) : 'connection_lost';
      this.#entrances.end(endpoint);
      this.#reporter.left(participant.id, reason);
      this.#remove(participant.id, reason);
      this.#endIfOver(reason);
      throw refusal;
    }
  }

  /** Rings the devices of one user, who is a participant from now on. */
  ring(callee: Identity, caller: Identity, devices: readonly CallEndpoint[]): void {
    const participant = new Participant(randomUUID(), 'collaborator', callee);
    this.#roster.add(participant);
    this.#reporter.joined(participant, callee);
    this.#ringing.ring(participant.id, caller, devices);
  }

  /** The device answers. Rejects with `call_not_found` or `answered_elsewhere` when it is too late for that. */
  async accept(endpoint: CallEndpoint, offer: MediaOffer): Promise<Joined> {
    const { participantId, invitation } = this.#invitationOf(endpoint);
    invitation.claim(endpoint);

    try {
      const media = await this.#media.addParticipant(participantId, offer);
      const participant = this.find(participantId);
      // Meanwhile the caller may have gone, time run out, and the device itself been lost.
      if (participant === undefined || !invitation.isClaimedBy(endpoint) || !endpoint.isConnected) {
        media.close();
        throw new ProtocolError('call_not_found');
      }
      invitation.confirm(endpoint);
      this.#connect(participant, endpoint, media);
      if (this.#machine.state === 'ringing') {
        this.#machine.go('connected');
        this.#reporter.connected();
        this.tell({ name: 'callStateChanged', data: { callId: this.id, state: 'connected' } }, participant);
      }

      return this.#answer(participant, media);
    } catch (error) {
      invitation.release(endpoint);
      throw this.#refusalFor(error);
    }
  }

  /** The user of the device declines. Throws as `accept` rejects. */
  decline(endpoint: CallEndpoint): void {
    this.#invitationOf(endpoint).invitation.decline(endpoint);
  }

  leave(participant: Participant, reason: EndReasonName): void {
    this.#remove(participant.id, reason);
  }

  /** Takes somebody out who did not ask for it, and tells them why; who only rings is rung no more. */
  expel(participant: Participant, reason: EndReasonName): void {
    participant.endpoint?.notify({ name: 'callEnded', data: { callId: this.id, reason } });
    this.#ringing.cancel(participant.id);
    this.#remove(participant.id, reason);
  }

  /** A device has connected; it rings as well when its user is being rung. */
  endpointAppeared(endpoint: CallEndpoint): void {
    this.#ringing.deviceAppeared(endpoint);
  }

  /** The connection of a device is gone, whatever its part in the call was. */
  endpointGone(endpoint: CallEndpoint, reason: EndReasonName): void {
    this.#ringing.deviceGone(endpoint);
    const participant = this.connected.get(endpoint);
    if (participant !== undefined) {
      this.leave(participant, reason);
    }
  }

  /** The call is over for everyone in it. Idempotent. */
  end(reason: EndReasonName): void {
    if (this.hasEnded) {
      return;
    }
    this.#machine.go('ended');
    const ringingReason = reason === 'server_ended' || reason === 'media_failed' ? reason : 'canceled';
    this.#ringing.end(ringingReason);
    this.tell({ name: 'callEnded', data: { callId: this.id, reason } });
    for (const [endpoint, participant] of this.connected) {
      this.#deps.directory.leftCall(endpoint, this.id);
      this.#roster.remove(participant);
    }
    this.#media.close();
    this.#reporter.ended(reason, ringingReason);
    this.#options.onEnded();
  }

  /** The media hears these speak, the loudest first. */
  hear(participantIds: readonly string[]): void {
    this.#speakers.hear(participantIds);
  }

  /** Tells everyone who is connected, but for one. */
  tell(notification: Notification, except?: Participant): void {
    this.#roster.tell(notification, except);
  }

  #invitationOf(endpoint: CallEndpoint): Rung {
    this.#entrances.requireOutside(endpoint);

    return this.#ringing.of(endpoint);
  }

  /** The role in which somebody may enter; a call that was made for them alone ends when they may not. */
  #admit({ endpoint, role, capacity = Infinity }: Entrant): Role {
    try {
      if (this.hasEnded) {
        throw new ProtocolError('call_not_found');
      }
      const admitted = role();
      this.#entrances.requireRoomFor(endpoint, capacity);

      return admitted;
    } catch (error) {
      this.#endIfOver(reasonOf(error));
      throw error;
    }
  }

  /** Meanwhile the call may have ended, the client gone, and the room changed its mind. */
  #confirm(participant: Participant, { endpoint, role }: Entrant, media: ParticipantMedia): void {
    try {
      if (this.hasEnded || !endpoint.isConnected) {
        throw new ProtocolError('call_not_found');
      }
      this.roles.change(participant, role());
    } catch (error) {
      media.close();
      throw error;
    }
  }

  #connect(participant: Participant, endpoint: CallEndpoint, media: ParticipantMedia): void {
    const callId = this.id;
    this.#entrances.end(endpoint);
    this.#roster.connect(participant, endpoint, media);
    this.#deps.directory.enteredCall(endpoint, callId);
    this.#reporter.participantConnected(participant, endpoint.id);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } }, participant);
    this.#speakers.greet(endpoint);
  }

  #remove(participantId: string, reason: EndReasonName): void {
    const participant = this.find(participantId);
    if (participant === undefined) {
      return;
    }
    const endpoint = this.#roster.remove(participant);
    if (endpoint !== undefined) {
      this.#deps.directory.leftCall(endpoint, this.id);
    }
    this.#reporter.left(participantId, reason);
    if (this.#options.kind === 'direct') {
      this.end(reason);
    } else {
      this.tell({ name: 'participantLeft', data: { callId: this.id, participantId, reason } });
      this.#speakers.forgetAbsent();
      this.#endIfOver(reason);
    }
  }

  /** Nobody is connected any more; or one is alone in a group, where nobody rings who could still come. */
  #endIfOver(reason: EndReasonName): void {
    const isDeserted = this.connected.size === 0 && this.#entrances.isEmpty;
    const isAloneInGroup = this.#options.kind === 'group' && this.#roster.size === 1;
    if (isDeserted || isAloneInGroup) {
      this.end(reason);
    }
  }

  /** Whatever fails while a call ends fails because of that. */
  #refusalFor(error: unknown): unknown {
    return this.hasEnded ? new ProtocolError('call_not_found', undefined, { cause: error }) : error;
  }

  #answer(participant: Participant, media: ParticipantMedia): Joined {
    const { id, kind, roomId } = this.#options;
    const { state } = this.#machine;
    if (state === 'ended') {
      throw new ProtocolError('call_not_found');
    }

    return {
      participantId: participant.id,
      call: {
        id,
        kind,
        state,
        ...(roomId === undefined ? {} : { roomId }),
        ...(this.roles.rules === undefined ? {} : { roomRules: this.roles.rules }),
        participants: this.#roster.infos,
      },
      sendTransport: media.sendTransport,
      receiveTransport: media.receiveTransport,
    };
  }
}

/** How a call that could not be entered is remembered. */
function reasonOf(error: unknown): EndReasonName {
  return error instanceof ProtocolError ? endReasonOfError(error.code) : 'failed';
}
