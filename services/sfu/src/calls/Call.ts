import type { StateMachine } from '@parley/kit';
import {
  ProtocolError,
  type CallKind,
  type CallNotification,
  type CallSettings,
  type CallSnapshot,
  type EndReasonName,
  type Identity,
} from '@parley/protocol';
import type { CallMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { createCallMachine, type CallMachineState } from './callMachine.ts';
import { createCallParts, type CallParts } from './callParts.ts';
import type { CallDependencies, CallOptions, RoomDoor } from './callTypes.ts';
import type { Entrances } from './Entrances.ts';
import type { CallFeatures } from './features/CallFeatures.ts';
import { mediaListener } from './mediaListener.ts';
import type { AudioSlots } from './participants/AudioSlots.ts';
import type { CallRoles } from './participants/CallRoles.ts';
import type { Participant } from './participants/Participant.ts';
import type { Speakers } from './participants/Speakers.ts';
import type { KeptCall } from './recovery/keptCall.ts';
import type { Reconnects } from './recovery/Reconnects.ts';
import { restoreCall } from './recovery/restoreCall.ts';
import type { Removals } from './Removals.ts';
import type { Ringing } from './ringing/Ringing.ts';
import type { Lobby } from './rooms/Lobby.ts';

/** One call: who is in it, and when it is over (`callMachine.ts` has the diagram). The rest is what its parts do. */
export class Call {
  readonly entrances: Entrances;
  readonly ringing: Ringing;
  readonly lobby: Lobby;
  readonly removals: Removals;
  readonly roles: CallRoles;
  readonly features: CallFeatures;
  readonly reconnects: Reconnects;
  readonly speakers: Speakers;
  readonly audioSlots: AudioSlots;
  readonly #parts: CallParts;
  readonly #options: CallOptions;
  readonly #deps: CallDependencies;
  readonly #media: CallMedia;
  readonly #machine: StateMachine<CallMachineState>;
  #kind: CallKind;

  private constructor(options: CallOptions, deps: CallDependencies, media: CallMedia) {
    this.#options = options;
    this.#deps = deps;
    this.#media = media;
    this.#kind = options.kind;
    this.#machine = createCallMachine(options.kind);
    const parts = createCallParts(options, deps, media, {
      kind: () => this.#kind,
      state: () => (this.#machine.state === 'ringing' ? 'ringing' : 'connected'),
      hasEnded: () => this.hasEnded,
      snapshotFor: (participant) => this.snapshotFor(participant),
      onConnected: (participant, endpoint) => this.#connected(participant, endpoint),
      onAnswered: (participant) => this.#answered(participant),
      onGivenUp: (participantId, reason) => this.#remove(participantId, reason),
      onFewer: (reason) => this.#endIfOver(reason),
      onAlone: () => this.end('alone'),
    });
    this.#parts = parts;
    this.entrances = parts.entrances;
    this.ringing = parts.ringing;
    this.lobby = parts.lobby;
    this.removals = parts.removals;
    this.roles = parts.roles;
    this.features = parts.features;
    this.reconnects = parts.reconnects;
    this.speakers = parts.speakers;
    this.audioSlots = parts.audioSlots;
    if (options.kept === undefined) {
      parts.reporter.started();
    } else {
      this.#restore(options.kept);
    }
    this.keep();
  }

  /** Rejects with `unavailable` when no media worker can take the call. */
  static async create(options: CallOptions, deps: CallDependencies): Promise<Call> {
    let call: Call | undefined;
    const { id: callId, settings } = options;
    const listener = mediaListener(callId, () => call);
    const media = await deps.media.createCallMedia({ callId, settings, listener });
    call = new Call(options, deps, media);

    return call;
  }

  get id(): string {
    return this.#options.id;
  }

  get applicationId(): string {
    return this.#options.applicationId;
  }

  get settings(): CallSettings {
    return this.#options.settings;
  }

  /** What its room says of those who want in; undefined without a room. */
  get door(): RoomDoor | undefined {
    return this.#options.door;
  }

  get hasEnded(): boolean {
    return this.#machine.state === 'ended';
  }

  /** Those who are in the call now, and do not only ring. */
  get connected(): ReadonlyMap<CallEndpoint, Participant> {
    return this.#parts.roster.connected;
  }

  /** Those who are in the call, their connection lost or not, and do not only ring. */
  get present(): readonly Participant[] {
    return this.#parts.roster.present;
  }

  /** Also one who only rings. */
  find(participantId: string): Participant | undefined {
    return this.#parts.roster.find(participantId);
  }

  /** Some place of the user, be it one that only rings. */
  ofUser(userId: string): Participant | undefined {
    return this.#parts.roster.ofUser(userId);
  }

  /** Whether the participant is still in the call: an answer of the worker may arrive after they left. */
  has(participant: Participant): boolean {
    return this.find(participant.id) === participant;
  }

  /** Whose place the token was made for, if that place is kept and the endpoint's user is the one it is kept for. */
  resumable({ identity }: Pick<CallEndpoint, 'identity'>, resumeToken: string): Participant | undefined {
    return this.present.find(
      (participant) =>
        participant.identity.userId === identity.userId && participant.resumeTokens.matches(resumeToken),
    );
  }

  /** Rings one more user into the call, of which everyone is told; a direct call is a group call from then on. */
  add(callee: Identity, caller: Identity, devices: readonly CallEndpoint[]): void {
    const { id: callId } = this;
    if (this.#kind === 'direct') {
      this.#kind = 'group';
      this.tell({ name: 'callKindChanged', data: { callId, kind: this.#kind } });
    }
    const participant = this.ringing.ring(callee, caller, devices);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } });
  }

  leave(participant: Participant, reason: EndReasonName): void {
    this.#remove(participant.id, reason);
  }

  /** Takes somebody out who did not ask for it, and tells them why; who only rings is rung no more. */
  expel(participant: Participant, reason: EndReasonName): void {
    participant.tell({ name: 'callEnded', data: { callId: this.id, reason } });
    this.ringing.cancel(participant.id);
    this.#remove(participant.id, reason);
  }

  /** Takes somebody out who cannot come back, from all the places they have. */
  revoke({ identity }: Participant): void {
    const { userId } = identity;
    this.removals.remove(identity);
    for (const place of this.#parts.roster.all.filter((other) => other.identity.userId === userId)) {
      this.expel(place, 'removed');
    }
    this.lobby.expel(userId, 'removed');
  }

  /** A device has connected; it rings as well when its user is being rung. */
  endpointAppeared(endpoint: CallEndpoint): void {
    this.ringing.deviceAppeared(endpoint);
  }

  /** The connection of a device is gone, whatever its part in the call was. */
  endpointGone(endpoint: CallEndpoint, reason: EndReasonName): void {
    this.ringing.deviceGone(endpoint);
    this.lobby.endpointGone(endpoint, reason);
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
    const { roster, alone, reporter } = this.#parts;
    const ringingReason = reasonWhileRinging(reason);
    alone.close();
    this.ringing.end(ringingReason);
    this.lobby.close(reason);
    this.tell({ name: 'callEnded', data: { callId: this.id, reason } });
    this.reconnects.close(reason);
    for (const participant of roster.all) {
      this.#giveUp(participant);
    }
    this.#media.close();
    reporter.ended(reason, ringingReason);
    this.#parts.keeper?.close();
    this.#options.onEnded();
  }

  /** Something has changed that is to outlive the process. */
  keep(): void {
    this.#parts.keeper?.touch();
  }

  /** Everything a participant's client needs to rebuild its picture of the call. */
  snapshotFor(participant: Participant): CallSnapshot {
    const { state } = this.#machine;
    if (state === 'ended') {
      throw new ProtocolError('call_not_found');
    }
    const { id, roomId, settings } = this.#options;
    const roomRules = this.roles.rules;

    return {
      id,
      kind: this.#kind,
      state,
      settings,
      ...(roomId === undefined ? {} : { roomId }),
      ...(roomRules === undefined ? {} : { roomRules }),
      participants: this.#parts.roster.infos,
      ...(this.roles.allow(participant, 'manageLobby') ? { lobby: this.lobby.entries } : {}),
      ...this.speakers.snapshot,
      ...this.features.snapshot,
      audioSlots: this.audioSlots.present,
    };
  }

  /** Tells everyone who is in the call, but for one. */
  tell(notification: CallNotification, except?: Participant): void {
    this.#parts.roster.tell(notification, except);
  }

  #restore(kept: KeptCall): void {
    if (this.#machine.state === 'ringing') {
      this.#machine.go('connected');
    }
    restoreCall(this.#parts, kept);
    this.#watchSolitude();
  }

  #connected(participant: Participant, endpoint: CallEndpoint): void {
    const callId = this.id;
    this.#parts.members.note(participant);
    this.#deps.directory.enteredCall(endpoint, callId);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } }, participant);
    this.#watchSolitude();
  }

  #answered(participant: Participant): void {
    if (this.#machine.state === 'ringing') {
      this.#machine.go('connected');
      this.#parts.reporter.connected();
      this.tell({ name: 'callStateChanged', data: { callId: this.id, state: 'connected' } }, participant);
    }
  }

  #remove(participantId: string, reason: EndReasonName): void {
    const participant = this.find(participantId);
    if (participant === undefined) {
      return;
    }
    this.reconnects.forget(participant, reason);
    this.#giveUp(participant);
    this.features.forget(participantId);
    this.#parts.reporter.left(participantId, reason);
    if (this.#kind === 'direct' && this.settings.directEndsWithEither) {
      this.end(reason);
    } else {
      this.tell({ name: 'participantLeft', data: { callId: this.id, participantId, reason } });
      this.speakers.forgetAbsent();
      this.#endIfOver(reason);
    }
  }

  #giveUp(participant: Participant): void {
    const endpoint = this.#parts.roster.remove(participant);
    if (endpoint !== undefined) {
      this.#deps.directory.leftCall(endpoint, this.id);
    }
  }

  #endIfOver(reason: EndReasonName): void {
    const { roster } = this.#parts;
    const isUnanswered = this.#machine.state === 'ringing' && !this.ringing.isPending;
    const isNobodyComing = this.entrances.isEmpty && this.lobby.isEmpty;
    if (isNobodyComing && (isUnanswered || roster.present.length === 0)) {
      this.end(reason);
    } else {
      this.#watchSolitude();
    }
  }

  #watchSolitude(): void {
    const { roster, alone } = this.#parts;
    const isAlone = this.#machine.state === 'connected' && roster.users === 1 && this.entrances.isEmpty;
    alone.update(isAlone && this.#kind !== 'room');
  }
}

/** Who only rings knows of no call that could have ended for them, unless it is Parley that has failed. */
function reasonWhileRinging(reason: EndReasonName): EndReasonName {
  return ['server_ended', 'media_failed', 'media_unstable'].includes(reason) ? reason : 'canceled';
}
