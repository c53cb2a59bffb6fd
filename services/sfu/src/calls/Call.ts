import { randomUUID } from 'node:crypto';
import type { StateMachine } from '@parley/kit';
import {
  endReasonOfError,
  ProtocolError,
  type EndReasonName,
  type Identity,
  type AudioSlot,
  type CallKind,
  type CallNotification,
  type CallSnapshot,
  type Joined,
  type MediaOffer,
  type Role,
} from '@parley/protocol';
import type { CallMedia, ParticipantMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { createCallMachine, type CallMachineState } from './callMachine.ts';
import { CallReporter } from './CallReporter.ts';
import { CallRoles } from './participants/CallRoles.ts';
import type { CallDependencies, CallOptions, Entrant } from './callTypes.ts';
import { Entrances } from './Entrances.ts';
import { CallFeatures } from './features/CallFeatures.ts';
import { Reconnects } from './recovery/Reconnects.ts';
import { Participant } from './participants/Participant.ts';
import { Ringing, type Rung } from './ringing/Ringing.ts';
import { Roster } from './participants/Roster.ts';
import { Speakers } from './participants/Speakers.ts';

/**
 * One call: who is in it, who is being rung, and when it is over (`callMachine.ts` has the diagram).
 *
 * What a client is answered on entering and what it is told afterwards fit together without gap or overlap:
 * the snapshot is taken in the same turn in which the participant is put on the roster.
 */
export class Call {
  readonly roles: CallRoles;
  readonly features: CallFeatures;
  readonly reconnects: Reconnects;
  readonly #options: CallOptions;
  readonly #deps: CallDependencies;
  readonly #media: CallMedia;
  readonly #machine: StateMachine<CallMachineState>;
  readonly #roster = new Roster();
  readonly #entrances = new Entrances(this.#roster);
  readonly #reporter: CallReporter;
  readonly #ringing: Ringing;
  readonly #speakers: Speakers;
  #kind: CallKind;
  #audioSlots: readonly AudioSlot[] = [];

  private constructor(options: CallOptions, deps: CallDependencies, media: CallMedia) {
    const { id, kind, rules, settings, customData = {} } = options;
    this.#kind = kind;
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
    this.features = new CallFeatures({
      callId: id,
      roster: this.#roster,
      roles: this.roles,
      clock: deps.clock,
      customData,
      onSpotlight: (participantIds) => media.setSpotlight(participantIds),
    });
    this.reconnects = new Reconnects({
      callId: id,
      roster: this.#roster,
      media,
      directory: deps.directory,
      endedPlaces: deps.endedPlaces,
      clock: deps.clock,
      graceMs: settings.reconnectSeconds * 1000,
      iceServersFor: deps.iceServersFor,
      snapshotFor: (participant) => this.snapshotFor(participant),
      onExpired: (participant) => this.leave(participant, 'connection_lost'),
    });
    this.#ringing = new Ringing({
      call: { id, kind },
      customData,
      timeoutMs: settings.ringingTimeoutSeconds * 1000,
      clock: deps.clock,
      onRinging: (device, isRinging) => deps.directory.setRinging(device, id, isRinging),
      onRefused: (participantId, reason) => this.#remove(participantId, reason),
    });
    this.#reporter.started();
  }

  /** Rejects with `unavailable` when no media worker can take the call. */
  static async create(options: CallOptions, deps: CallDependencies): Promise<Call> {
    let call: Call | undefined;
    const { id: callId, settings } = options;
    const media = await deps.media.createCallMedia({
      callId,
      settings,
      listener: {
        onSpeakers: (participantIds, dominantSpeaker) => call?.hear(participantIds, dominantSpeaker),
        onAudioSlots: (slots) => call?.setAudioSlots(slots),
        onConsumersAdded: (participantId, consumers) =>
          call
            ?.find(participantId)
            ?.tell({ name: 'consumersAdded', data: { callId, consumers: [...consumers] } }),
        onConsumersClosed: (participantId, consumerIds) =>
          call
            ?.find(participantId)
            ?.tell({ name: 'consumersClosed', data: { callId, consumerIds: [...consumerIds] } }),
        onEncodingsWanted: (participantId, producerId, wanted) =>
          call
            ?.find(participantId)
            ?.tell({ name: 'encodingsWanted', data: { callId, producerId, wanted: [...wanted] } }),
        onReset: (participantId, parameters) =>
          call?.find(participantId)?.tell({ name: 'mediaReset', data: { callId, media: parameters } }),
        onLost: (reason) => call?.end(reason),
      },
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

  /** Those who are in the call, their connection lost or not, and do not only ring. */
  get present(): readonly Participant[] {
    return this.#roster.present;
  }

  /** Also one who only rings. */
  find(participantId: string): Participant | undefined {
    return this.#roster.find(participantId);
  }

  /** Whose place the token was made for, if that place is kept and the endpoint's user is the one it is kept for. */
  resumable({ identity }: CallEndpoint, resumeToken: string): Participant | undefined {
    return this.#roster.present.find(
      (participant) =>
        participant.identity.userId === identity.userId && participant.resumeTokens.matches(resumeToken),
    );
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
      this.#connect(participant, endpoint, offer, media);
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
      this.#connect(participant, endpoint, offer, media);
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
    participant.tell({ name: 'callEnded', data: { callId: this.id, reason } });
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
    if (participant === undefined) {
      return;
    }
    if (reason === 'connection_lost') {
      this.reconnects.lose(participant);
    } else {
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
    this.reconnects.close(reason);
    for (const participant of this.#roster.all) {
      const endpoint = this.#roster.remove(participant);
      if (endpoint !== undefined) {
        this.#deps.directory.leftCall(endpoint, this.id);
      }
    }
    this.#media.close();
    this.#reporter.ended(reason, ringingReason);
    this.#options.onEnded();
  }

  /** The media hears these speak, the loudest first. */
  hear(participantIds: readonly string[], dominantSpeaker: string | undefined): void {
    this.#speakers.hear(participantIds, dominantSpeaker);
  }

  /** Everything a participant's client needs to rebuild its picture of the call. */
  snapshotFor(_participant: Participant): CallSnapshot {
    const { id, roomId, settings } = this.#options;
    const { state } = this.#machine;
    if (state === 'ended') {
      throw new ProtocolError('call_not_found');
    }

    return {
      id,
      kind: this.#kind,
      state,
      settings,
      ...(roomId === undefined ? {} : { roomId }),
      ...(this.roles.rules === undefined ? {} : { roomRules: this.roles.rules }),
      participants: this.#roster.infos,
      ...this.#speakers.snapshot,
      ...this.features.snapshot,
      audioSlots: [...this.#audioSlots],
    };
  }

  /** Tells everyone who is in the call, but for one. */
  tell(notification: CallNotification, except?: Participant): void {
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

  #connect(
    participant: Participant,
    endpoint: CallEndpoint,
    offer: MediaOffer,
    media: ParticipantMedia,
  ): void {
    const callId = this.id;
    this.#entrances.end(endpoint);
    this.#roster.connect(participant, endpoint, offer, media);
    this.#deps.directory.enteredCall(endpoint, callId);
    this.#reporter.participantConnected(participant, endpoint.id);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } }, participant);
  }

  #remove(participantId: string, reason: EndReasonName): void {
    const participant = this.find(participantId);
    if (participant === undefined) {
      return;
    }
    this.reconnects.forget(participant, reason);
    const endpoint = this.#roster.remove(participant);
    this.features.forget(participantId);
    if (endpoint !== undefined) {
      this.#deps.directory.leftCall(endpoint, this.id);
    }
    this.#reporter.left(participantId, reason);
    if (this.#kind === 'direct') {
      this.end(reason);
    } else {
      this.tell({ name: 'participantLeft', data: { callId: this.id, participantId, reason } });
      this.#speakers.forgetAbsent();
      this.#endIfOver(reason);
    }
  }

  /** Nobody is connected any more; or one is alone in a group, where nobody rings who could still come. */
  #endIfOver(reason: EndReasonName): void {
    const isDeserted = this.#roster.present.length === 0 && this.#entrances.isEmpty;
    const isAloneInGroup = this.#kind === 'group' && this.#roster.size === 1;
    if (isDeserted || isAloneInGroup) {
      this.end(reason);
    }
  }

  /** Whatever fails while a call ends fails because of that. */
  #refusalFor(error: unknown): unknown {
    return this.hasEnded ? new ProtocolError('call_not_found', undefined, { cause: error }) : error;
  }

  /** The media says whom the slots of the loudest carry. */
  setAudioSlots(slots: readonly AudioSlot[]): void {
    this.#audioSlots = slots;
    this.tell({ name: 'audioSlotsChanged', data: { callId: this.id, audioSlots: [...slots] } });
  }

  #answer(participant: Participant, media: ParticipantMedia): Joined {
    return {
      action: 'joined',
      participantId: participant.id,
      resumeToken: participant.resumeTokens.present,
      sequence: participant.mailbox.sequence,
      call: this.snapshotFor(participant),
      media: media.parameters,
    };
  }
}

/** How a call that could not be entered is remembered. */
function reasonOf(error: unknown): EndReasonName {
  return error instanceof ProtocolError ? endReasonOfError(error.code) : 'failed';
}
