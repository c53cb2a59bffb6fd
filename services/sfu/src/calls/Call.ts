import { randomUUID } from 'node:crypto';
import type { StateMachine } from '@parley/kit';
import {
  ProtocolError,
  type EndReasonName,
  type Identity,
  type Joined,
  type MediaOffer,
  type Notification,
} from '@parley/protocol';
import type { Logger } from 'pino';
import type { CallMedia, ParticipantMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { createCallMachine, type CallMachineState } from './callMachine.ts';
import type { CallDependencies, CallOptions, Entrant } from './callTypes.ts';
import { Participant } from './Participant.ts';
import { Ringing, type Rung } from './Ringing.ts';
import { Roster } from './Roster.ts';

/**
 * One call: who is in it, who is being rung, and when it is over (`callMachine.ts` has the diagram).
 *
 * What a client is answered on entering and what it is told afterwards fit together without gap or overlap:
 * the snapshot is taken in the same turn in which the participant is put on the roster.
 */
export class Call {
  readonly #options: CallOptions;
  readonly #deps: CallDependencies;
  readonly #logger: Logger;
  readonly #media: CallMedia;
  readonly #machine: StateMachine<CallMachineState>;
  readonly #ringing: Ringing;
  readonly #roster = new Roster();
  /** Those whose media is being made: they hold a place, and the call waits for them. */
  readonly #entering = new Set<CallEndpoint>();
  #speakers: readonly string[] = [];

  private constructor(options: CallOptions, deps: CallDependencies, media: CallMedia) {
    const { id, kind } = options;
    this.#options = options;
    this.#deps = deps;
    this.#media = media;
    this.#logger = deps.logger.child({ callId: id });
    this.#machine = createCallMachine(kind);
    this.#ringing = new Ringing({
      call: { id, kind },
      timeoutMs: deps.ringingTimeoutMs,
      clock: deps.clock,
      onRinging: (device, isRinging) => deps.directory.setRinging(device, id, isRinging),
      onRefused: (participantId, reason) => this.#remove(participantId, reason),
    });
    this.#logger.info({ kind, roomId: options.roomId }, 'call started');
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

  /** The endpoint's part in the call, if it has one. */
  participantOf(endpoint: CallEndpoint): Participant | undefined {
    return this.#roster.connected.get(endpoint);
  }

  /** Whether the participant is still in the call: an answer of the worker may arrive after they left. */
  has(participant: Participant): boolean {
    return this.#roster.find(participant.id) === participant;
  }

  /**
   * Puts somebody on the roster who was not rung. `onEntered` runs in the turn in which that happens, before
   * the snapshot of the answer is taken; an error of its own takes them off again.
   */
  async enter(entrant: Entrant, onEntered: () => void = () => {}): Promise<Joined> {
    const { endpoint, role, offer, capacity = Infinity } = entrant;
    this.#requireRoomFor(endpoint, capacity);
    const participant = new Participant(randomUUID(), role, endpoint.identity);
    this.#entering.add(endpoint);

    try {
      const media = await this.#media.addParticipant(participant.id, offer);
      // Meanwhile the call may have ended and the client may have gone.
      if (this.hasEnded || !endpoint.isConnected) {
        media.close();
        throw new ProtocolError('call_not_found');
      }
      this.#connect(participant, endpoint, media);
      onEntered();

      return this.#answer(participant, media);
    } catch (error) {
      const refusal = this.#refusalFor(error);
      this.#entering.delete(endpoint);
      this.#remove(participant.id, 'failed');
      this.#endIfOver('failed');
      throw refusal;
    }
  }

  /** Rings the devices of one user, who is a participant from now on. */
  ring(callee: Identity, caller: Identity, devices: readonly CallEndpoint[]): void {
    const participant = new Participant(randomUUID(), 'collaborator', callee);
    this.#roster.add(participant);
    this.#ringing.ring(participant.id, caller, devices);
  }

  /** The device answers. Rejects with `call_not_found` or `answered_elsewhere` when it is too late for that. */
  async accept(endpoint: CallEndpoint, offer: MediaOffer): Promise<Joined> {
    const { participantId, invitation } = this.#invitationOf(endpoint);
    invitation.claim(endpoint);

    try {
      const media = await this.#media.addParticipant(participantId, offer);
      const participant = this.#roster.find(participantId);
      // Meanwhile the caller may have gone, time run out, and the device itself been lost.
      if (participant === undefined || !invitation.isClaimedBy(endpoint) || !endpoint.isConnected) {
        media.close();
        throw new ProtocolError('call_not_found');
      }
      invitation.confirm(endpoint);
      this.#connect(participant, endpoint, media);
      if (this.#machine.state === 'ringing') {
        this.#machine.go('connected');
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

  /** A device has connected; it rings as well when its user is being rung. */
  endpointAppeared(endpoint: CallEndpoint): void {
    this.#ringing.deviceAppeared(endpoint);
  }

  /** The connection of a device is gone, whatever its part in the call was. */
  endpointGone(endpoint: CallEndpoint, reason: EndReasonName): void {
    this.#ringing.deviceGone(endpoint);
    const participant = this.participantOf(endpoint);
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
    this.#ringing.end(reason === 'server_ended' || reason === 'media_failed' ? reason : 'canceled');
    this.tell({ name: 'callEnded', data: { callId: this.id, reason } });
    for (const [endpoint, participant] of this.#roster.connected) {
      this.#deps.directory.leftCall(endpoint, this.id);
      this.#roster.remove(participant);
    }
    this.#media.close();
    this.#logger.info({ reason }, 'call ended');
    this.#options.onEnded();
  }

  /** Tells everyone who speaks now, if that has changed. The media may still hear those who have left. */
  hear(heard: readonly string[]): void {
    const speakers = heard.filter((id) => this.#roster.find(id) !== undefined);
    if (speakers.join() !== this.#speakers.join()) {
      this.#speakers = speakers;
      this.tell({ name: 'speakersChanged', data: { callId: this.id, participantIds: speakers } });
    }
  }

  /** Tells everyone who is connected, but for one. */
  tell(notification: Notification, except?: Participant): void {
    this.#roster.tell(notification, except);
  }

  #invitationOf(endpoint: CallEndpoint): Rung {
    this.#requireOutside(endpoint);

    return this.#ringing.of(endpoint);
  }

  #requireOutside(endpoint: CallEndpoint): void {
    if (this.participantOf(endpoint) !== undefined || this.#entering.has(endpoint)) {
      throw new ProtocolError('invalid_state', 'This device is in the call already.');
    }
  }

  #requireRoomFor(endpoint: CallEndpoint, capacity: number): void {
    if (this.hasEnded) {
      throw new ProtocolError('call_not_found');
    }
    this.#requireOutside(endpoint);
    if (this.#roster.size + this.#entering.size >= capacity) {
      throw new ProtocolError('room_full');
    }
  }

  #connect(participant: Participant, endpoint: CallEndpoint, media: ParticipantMedia): void {
    const callId = this.id;
    this.#entering.delete(endpoint);
    this.#roster.connect(participant, endpoint, media);
    this.#deps.directory.enteredCall(endpoint, callId);
    this.#logger.info({ participantId: participant.id, endpointId: endpoint.id }, 'participant joined');
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } }, participant);
    if (this.#speakers.length > 0) {
      // Somebody who goes on speaking changes nothing that the newcomer would hear of.
      endpoint.notify({ name: 'speakersChanged', data: { callId, participantIds: [...this.#speakers] } });
    }
  }

  #remove(participantId: string, reason: EndReasonName): void {
    const participant = this.#roster.find(participantId);
    if (participant === undefined) {
      return;
    }
    const endpoint = this.#roster.remove(participant);
    if (endpoint !== undefined) {
      this.#deps.directory.leftCall(endpoint, this.id);
    }
    this.#logger.info({ participantId, reason }, 'participant left');
    if (this.#options.kind === 'direct') {
      this.end(reason);
    } else {
      this.tell({ name: 'participantLeft', data: { callId: this.id, participantId, reason } });
      this.hear(this.#speakers);
      this.#endIfOver(reason);
    }
  }

  /** Nobody is connected any more; or one is alone in a group, where nobody rings who could still come. */
  #endIfOver(reason: EndReasonName): void {
    const isDeserted = this.#roster.connected.size === 0 && this.#entering.size === 0;
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
        participants: this.#roster.infos,
      },
      sendTransport: media.sendTransport,
      receiveTransport: media.receiveTransport,
    };
  }
}
