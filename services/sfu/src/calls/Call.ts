import type { StateMachine } from '@parley/kit';
import {
  type CallKind,
  type CallNotification,
  type CallSettings,
  type CallSnapshot,
  type EndReasonName,
  type Identity,
  type ParticipantState,
} from '@parley/protocol';
import type { CallMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { createCallMachine, type CallMachineState } from './callMachine.ts';
import { createCallParts, type CallParts } from './callParts.ts';
import { callSnapshot } from './callSnapshot.ts';
import type { CallDependencies, CallOptions, RoomDoor } from './callTypes.ts';
import type { Entrances } from './Entrances.ts';
import type { CallFeatures } from './features/CallFeatures.ts';
import type { CallDump, CallSummary } from './inspectCalls.ts';
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
      state: () => this.#machine.state,
      snapshotFor: (participant) => this.snapshotFor(participant),
      onConnected: (participant, endpoint) => this.#connected(participant, endpoint),
      onAnswered: (participant) => this.#answered(participant),
      end: (reason) => this.end(reason),
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
    this.#parts.departures.leave(participant.id, reason);
  }

  /** Takes somebody out who did not ask for it, and tells them why; who only rings is rung no more. */
  expel(participant: Participant, reason: EndReasonName): void {
    this.#parts.departures.expel(participant, reason);
  }

  /** Takes somebody out who cannot come back, from all the places they have. */
  revoke(participant: Participant): void {
    this.#parts.departures.revoke(participant);
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
    const { departures, alone, reporter } = this.#parts;
    const ringingReason = reasonWhileRinging(reason);
    alone.close();
    this.ringing.end(ringingReason);
    this.lobby.close(reason);
    this.tell({ name: 'callEnded', data: { callId: this.id, reason } });
    this.reconnects.close(reason);
    departures.clear();
    this.#media.close();
    reporter.ended(reason, ringingReason);
    this.#parts.keeper?.close();
    this.#options.onEnded();
  }

  /** For an operator's list of calls; undefined once it has ended. */
  get summary(): CallSummary | undefined {
    const { id: callId, applicationId, roomId } = this.#options;
    const { state } = this.#machine;
    if (state === 'ended') {
      return undefined;
    }
    const { roster } = this.#parts;
    const count = (wanted: ParticipantState): number =>
      roster.all.filter((participant) => participant.state === wanted).length;

    return {
      callId,
      applicationId,
      state,
      roomId,
      kind: this.#kind,
      participants: {
        ringing: count('ringing'),
        connected: count('connected'),
        reconnecting: count('reconnecting'),
        lobby: this.lobby.entries.length,
      },
    };
  }

  /** Everything an operator may know of it; undefined once it has ended. */
  async inspect(): Promise<CallDump | undefined> {
    const media = await this.#media.inspect();
    const { summary } = this;

    return (
      summary && {
        ...summary,
        roster: this.#parts.roster.all.map(({ info, mailbox, endpoint }) => ({
          ...info,
          sequence: mailbox.sequence,
          endpointId: endpoint?.id,
        })),
        media,
      }
    );
  }

  /** Something has changed that is to outlive the process. */
  keep(): void {
    this.#parts.keeper?.touch();
  }

  /** Everything a participant's client needs to rebuild its picture of the call. */
  snapshotFor(participant: Participant): CallSnapshot {
    return callSnapshot(
      { options: this.#options, parts: this.#parts, kind: this.#kind, state: this.#machine.state },
      participant,
    );
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
    this.#parts.departures.watchSolitude();
  }

  #connected(participant: Participant, endpoint: CallEndpoint): void {
    const callId = this.id;
    this.#parts.members.note(participant);
    this.#deps.directory.enteredCall(endpoint, callId);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } }, participant);
    this.#parts.departures.watchSolitude();
  }

  #answered(participant: Participant): void {
    if (this.#machine.state === 'ringing') {
      this.#machine.go('connected');
      this.#parts.reporter.connected();
      this.tell({ name: 'callStateChanged', data: { callId: this.id, state: 'connected' } }, participant);
    }
  }
}

/** Who only rings knows of no call that could have ended for them, unless it is Parley that has failed. */
function reasonWhileRinging(reason: EndReasonName): EndReasonName {
  return ['server_ended', 'media_failed', 'media_unstable'].includes(reason) ? reason : 'canceled';
}
