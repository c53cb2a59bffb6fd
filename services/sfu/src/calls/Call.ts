import type { StateMachine } from '@parley/kit';
import {
  type CallKind,
  type CallNotification,
  type CallSettings,
  type CallSnapshot,
  type EndReasonName,
  type Identity,
} from '@parley/protocol';
import type { CallMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { createCallMachine, isLive, type CallMachineState } from './callMachine.ts';
import { createCallParts, type CallParts } from './callParts.ts';
import { callSnapshot, type CallPicture } from './callSnapshot.ts';
import type { CallDependencies, CallOptions, RoomDoor } from './callTypes.ts';
import { callDump, callSummary, type CallDump, type CallSummary } from './inspectCalls.ts';
import { mediaListener } from './mediaListener.ts';
import type { Participant } from './participants/Participant.ts';
import type { KeptCall } from './recovery/keptCall.ts';
import { restoreCall } from './recovery/restoreCall.ts';
import type { CalleeDevices } from './ringing/Invitation.ts';

/** One call: who is in it, and when it is over (`callMachine.ts` has the diagram). The rest is what its parts do. */
export class Call {
  readonly entrances: CallParts['entrances'];
  readonly departures: CallParts['departures'];
  readonly ringing: CallParts['ringing'];
  readonly lobby: CallParts['lobby'];
  readonly removals: CallParts['removals'];
  readonly roles: CallParts['roles'];
  readonly rate: CallParts['rate'];
  readonly beginnings: CallParts['beginnings'];
  readonly features: CallParts['features'];
  readonly reconnects: CallParts['reconnects'];
  readonly speakers: CallParts['speakers'];
  readonly uplinks: CallParts['uplinks'];
  readonly audioSlots: CallParts['audioSlots'];
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
    this.departures = parts.departures;
    this.ringing = parts.ringing;
    this.lobby = parts.lobby;
    this.removals = parts.removals;
    this.roles = parts.roles;
    this.rate = parts.rate;
    this.beginnings = parts.beginnings;
    this.features = parts.features;
    this.reconnects = parts.reconnects;
    this.speakers = parts.speakers;
    this.uplinks = parts.uplinks;
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
    const { id: callId, applicationId, settings } = options;
    const listener = mediaListener(callId, () => call);
    const media = await deps.media.createCallMedia({
      callId,
      settings,
      listener,
      userOf: (participantId) => call?.find(participantId)?.identity.userId,
      iceServersFor(participantId) {
        const participant = call?.find(participantId);

        return participant === undefined
          ? []
          : deps.iceServersFor({ applicationId, identity: participant.identity });
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

  get settings(): CallSettings {
    return this.#options.settings;
  }

  /** What its room says of those who want in; undefined without a room. */
  get door(): RoomDoor | undefined {
    return this.#options.door;
  }

  /** Nothing can become of it any more, not in this process. */
  get hasEnded(): boolean {
    return !isLive(this.#machine.state);
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
    return this.#parts.roster
      .presentOf(identity.userId)
      .find(({ resumeTokens }) => resumeTokens.matches(resumeToken));
  }

  /** Rings one more user into the call, of which everyone is told; a direct call is a group call from then on. */
  add(callee: Identity, caller: Identity, found: CalleeDevices): void {
    const { id: callId } = this;
    if (this.#kind === 'direct') {
      this.#kind = 'group';
      this.tell({ name: 'callKindChanged', data: { callId, kind: this.#kind } });
    }
    const participant = this.ringing.ring(callee, caller, found);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } });
  }

  leave(participant: Participant, reason: EndReasonName): void {
    this.departures.leave(participant.id, reason);
  }

  /** Takes somebody out who did not ask for it, and tells them why; who only rings is rung no more. */
  expel(participant: Participant, reason: EndReasonName): void {
    this.departures.expel(participant, reason);
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
    const ringingReason = reasonWhileRinging(reason);
    this.ringing.end(ringingReason);
    this.lobby.close(reason);
    // On its way to the disk before anybody hears of it: a process killed then has told the truth.
    this.#parts.reporter.ended(reason, ringingReason);
    this.tell({ name: 'callEnded', data: { callId: this.id, reason } });
    this.reconnects.remember(reason);
    this.#release();
    this.#parts.keeper?.close();
    this.#options.onEnded('ended');
  }

  /**
   * The process stops. Whoever is in a call that the journal has comes back to it in the next process, and is told nothing
   * but that the connection ends; any other call ends. Answers whether it is kept.
   */
  close(): boolean {
    const { keeper, roster, reporter } = this.#parts;
    const isDeserted = roster.present.length === 0 && this.lobby.isEmpty;
    if (this.#machine.state !== 'connected' || isDeserted || keeper?.isWritten !== true) {
      this.end('server_ended');

      return false;
    }
    keeper.leave();
    this.#machine.go('kept');
    this.ringing.end('server_ended');
    this.lobby.leaveAll();
    this.#release();
    reporter.kept();
    this.#options.onEnded('kept');

    return true;
  }

  /** For an operator's list of calls; undefined once it has ended. */
  get summary(): CallSummary | undefined {
    return callSummary(this.#picture);
  }

  /** Everything an operator may know of it; undefined once it has ended. */
  async inspect(): Promise<CallDump | undefined> {
    const media = await this.#media.inspect();

    return callDump(this.#picture, media);
  }

  /** Something has changed that is to outlive the process. */
  keep(): void {
    this.#parts.keeper?.touch();
  }

  /** Everything a participant's client needs to rebuild its picture of the call. */
  snapshotFor(participant: Participant): CallSnapshot {
    return callSnapshot(this.#picture, participant);
  }

  /** Tells everyone who is in the call, but for one. */
  tell(notification: CallNotification, except?: Participant): void {
    this.#parts.roster.tell(notification, except);
  }

  get #picture(): CallPicture {
    return { options: this.#options, parts: this.#parts, kind: this.#kind, state: this.#machine.state };
  }

  #restore(kept: KeptCall): void {
    if (this.#machine.state === 'ringing') {
      this.#machine.go('connected');
    }
    restoreCall(this.#parts, kept, this.door);
    this.departures.watchSolitude();
  }

  /** Everything that the call has of this process. */
  #release(): void {
    this.#parts.alone.close();
    this.reconnects.close();
    this.departures.clear();
    this.#media.close();
  }

  #connected(participant: Participant, endpoint: CallEndpoint): void {
    const callId = this.id;
    this.#parts.members.note(participant);
    this.#deps.directory.enteredCall(endpoint, callId);
    this.tell({ name: 'participantJoined', data: { callId, participant: participant.info } }, participant);
    this.departures.watchSolitude();
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
