import { randomUUID } from 'node:crypto';
import type { ApplicationRecord, NodeCommand } from '@parley/backplane';
import type { Disposable } from '@parley/kit';
import {
  callSettingsWith,
  ProtocolError,
  type EndReasonName,
  type Entered,
  type IceServer,
  type Joined,
  type MediaOffer,
  type RequestAnswer,
  type RequestData,
} from '@parley/protocol';
import { Call } from './Call.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { HeldElsewhere } from './HeldElsewhere.ts';
import type { CallDependencies, CallOptions } from './callTypes.ts';
import { carryOut } from './carryOut.ts';
import type { CallDump, CallSummary } from './inspectCalls.ts';
import type { EarlierCalls } from './recovery/CallJournal.ts';
import { EndedPlaces } from './recovery/EndedPlaces.ts';
import type { KeptCall } from './recovery/keptCall.ts';
import { Places } from './recovery/Places.ts';
import { restoreEarlierCalls } from './recovery/restoreEarlierCalls.ts';
import type { Participation } from './participants/publish.ts';
import { setOnHold } from './participants/hold.ts';
import { Dialling } from './ringing/Dialling.ts';
import { FarCalls } from './ringing/FarCalls.ts';
import { RoomCalls } from './rooms/RoomCalls.ts';
import { mayRing, requireAnswering, requireCalling, requireUnexpired } from './scopes.ts';

type Started = Extract<RequestAnswer<'startCall'>, { action: 'joined' }>;

/**
 * The calls of this node, and the ways into them. How many participants a call may have is read whenever somebody
 * enters: a changed limit holds from then on, and turns nobody out.
 */
export class CallService {
  readonly #deps: CallDependencies;
  readonly #calls = new Map<string, Call>();
  readonly #rooms: RoomCalls;
  readonly #dialling: Dialling;
  readonly #farCalls: FarCalls;
  readonly places: Places;
  readonly #stopHearing: Disposable;

  constructor(deps: Omit<CallDependencies, 'endedPlaces'>) {
    const endedPlaces = new EndedPlaces(deps.clock);
    this.#deps = { ...deps, endedPlaces };
    this.places = new Places({
      directory: deps.directory,
      endedPlaces,
      calls: this.#calls,
      backplane: deps.backplane,
      nodeId: deps.nodeId,
    });
    this.#rooms = new RoomCalls({
      backplane: deps.backplane,
      node: { nodeId: deps.nodeId, url: deps.nodeUrl },
      clock: deps.clock,
      createCall: (options) => this.#create(options),
    });
    this.#stopHearing = deps.backplane.callDirectory.onSuperseded(({ callId }) =>
      this.#calls.get(callId)?.end('server_ended'),
    );
    this.#dialling = new Dialling({ deps: this.#deps, createCall: (options) => this.#create(options) });
    this.#farCalls = new FarCalls(deps);
  }

  /** From here on the endpoint can take part in calls, and be rung. */
  connect(endpoint: CallEndpoint): void {
    this.#deps.directory.add(endpoint);
    this.appear(endpoint);
  }

  /** The endpoint can be rung, maybe again; what rings on its user's other devices rings on it as well. */
  appear(endpoint: CallEndpoint): void {
    if (!mayRing(endpoint)) {
      return;
    }
    for (const call of this.#calls.values()) {
      if (call.applicationId === endpoint.applicationId) {
        call.ringing.deviceAppeared(endpoint);
      }
    }
    this.#farCalls.deviceAppeared(endpoint);
  }

  /** The endpoint has shown another token, which stands for its places from now on. */
  renew(endpoint: CallEndpoint): void {
    for (const callId of this.#deps.directory.callsOf(endpoint)) {
      this.#calls.get(callId)?.keep();
    }
  }

  /** The endpoint leaves all of its calls, for the reason the others are told. Idempotent. */
  disconnect(endpoint: CallEndpoint, reason: EndReasonName): void {
    for (const callId of this.#deps.directory.remove(endpoint, reason)) {
      this.#calls.get(callId)?.endpointGone(endpoint, reason);
    }
    this.#farCalls.deviceGone(endpoint);
  }

  async startCall(endpoint: CallEndpoint, request: RequestData<'startCall'>): Promise<Started> {
    requireUnexpired(endpoint);
    requireCalling(endpoint);
    const application = await this.#application(endpoint);

    return this.#deps.directory.whileEntering(endpoint, undefined, () =>
      this.#dialling.start(endpoint, request, application),
    );
  }

  async joinRoom(
    endpoint: CallEndpoint,
    { roomId, media, kickSiblings }: RequestData<'joinRoom'>,
  ): Promise<Entered> {
    requireUnexpired(endpoint);
    const { limits, callSettings } = await this.#application(endpoint);
    const entrant = {
      endpoint,
      offer: media,
      kickSiblings,
      maxParticipants: limits.participantsPerCall,
      settings: callSettingsWith(this.#deps.settings, callSettings),
    };

    return this.#deps.directory.whileEntering(endpoint, undefined, () => this.#rooms.enter(roomId, entrant));
  }

  async joinCall(
    endpoint: CallEndpoint,
    { callId, media, kickSiblings }: RequestData<'joinCall'>,
  ): Promise<Joined> {
    requireUnexpired(endpoint);
    requireAnswering(endpoint);
    const { limits } = await this.#application(endpoint);
    await this.#requireHere(endpoint, callId);

    return this.#deps.directory.whileEntering(endpoint, callId, () =>
      this.#callOf(endpoint, callId).entrances.join({
        endpoint,
        offer: media,
        kickSiblings,
        capacity: limits.participantsPerCall,
      }),
    );
  }

  /** The other calls of the device are on hold from then on. Rejects with `HeldElsewhere` when another node has the call. */
  async acceptCall(
    endpoint: CallEndpoint,
    callId: string,
    media: MediaOffer,
    kickSiblings = false,
  ): Promise<Joined> {
    requireUnexpired(endpoint);
    requireAnswering(endpoint);
    // A call that is here is answered in this turn: of two devices the first to ask is the one.
    if (!this.#calls.has(callId)) {
      await this.#requireHere(endpoint, callId, () => this.#farCalls.answeredOn(endpoint, callId));
    }
    const joined = await this.#deps.directory.whileEntering(endpoint, callId, () =>
      this.#callOf(endpoint, callId).entrances.accept({ endpoint, offer: media, kickSiblings }),
    );
    this.#holdAllBut(endpoint, callId);

    return joined;
  }

  /** At once, unless it rings from another node: then when that knows. */
  rejectCall(endpoint: CallEndpoint, callId: string): Promise<void> | undefined {
    requireAnswering(endpoint);
    const declined = this.#farCalls.decline(endpoint, callId);
    if (declined === undefined) {
      this.#callOf(endpoint, callId).entrances.decline(endpoint);
    }

    return declined;
  }

  /** Also of one who waits to be let in. Throws as `participation` does. */
  leaveCall(endpoint: CallEndpoint, callId: string): void {
    if (!this.#callOf(endpoint, callId).lobby.leave(endpoint, 'hangup')) {
      const { call, participant } = this.participation(endpoint, callId);
      call.leave(participant, 'hangup');
    }
  }

  async addParticipants(
    endpoint: CallEndpoint,
    { callId, callees }: RequestData<'addParticipants'>,
  ): Promise<RequestAnswer<'addParticipants'>> {
    const participation = this.participation(endpoint, callId);

    return this.#dialling.add(participation, endpoint, callees, await this.#application(endpoint));
  }

  /**
   * The endpoint's part in the call. Throws `removed_from_call` for somebody who was, and else `call_not_found` when it
   * has none, whether or not there is such a call: nobody learns of the calls of others.
   */
  participation(endpoint: CallEndpoint, callId: string): Participation {
    const call = this.#callOf(endpoint, callId);
    const participant = call.connected.get(endpoint);
    if (participant === undefined) {
      call.removals.requireAllowed(endpoint.identity);
      throw new ProtocolError('call_not_found');
    }

    return { call, participant };
  }

  /** Throws `call_not_found` unless the participant is the endpoint's own, in the call or out of it for not long. */
  submitSurvey(endpoint: CallEndpoint, request: RequestData<'submitSurvey'>): void {
    const { callId, participantId } = request;
    const call = this.#calls.get(callId);
    const participant = call?.present.find(({ id }) => id === participantId);
    const part = call &&
      participant && {
        applicationId: call.applicationId,
        callId,
        participantId,
        userId: participant.identity.userId,
      };
    this.#deps.surveys.submit(endpoint, request, part);
  }

  /** Every live call of this node. */
  get summaries(): CallSummary[] {
    return [...this.#calls.values()].flatMap(({ summary }) => summary ?? []);
  }

  /** Everything an operator may know of one call; undefined when there is none of that id here. */
  async inspect(callId: string): Promise<CallDump | undefined> {
    return this.#calls.get(callId)?.inspect();
  }

  /** Where the client of that user finds a path when there is no straight one. */
  iceServersFor(endpoint: CallEndpoint): IceServer[] {
    return this.#deps.iceServersFor(endpoint);
  }

  /** Whether the endpoint is in a call, or waits to be let into one. */
  takesPart(endpoint: CallEndpoint): boolean {
    return this.#deps.directory.takesPart(endpoint);
  }

  /** Rejects as `carryOut` does. */
  async carryOut(command: NodeCommand): Promise<void> {
    const farCalls = this.#farCalls;
    await carryOut(command, { callOf: (about) => this.#callOf(about, about.callId), farCalls });
  }

  /** Goes on with the calls of an earlier process, or has the platform told that they have ended with it. */
  restore(earlier: EarlierCalls): Promise<void> {
    return restoreEarlierCalls(earlier, { deps: this.#deps, restore: (kept) => this.#restore(kept) });
  }

  /** Ends every call with `server_ended`, but for those that the next process goes on with. Answers whether it does. */
  close(): boolean {
    this.#rooms.close();
    this.#stopHearing();
    this.#farCalls.close();

    return [...this.#calls.values()].filter((call) => call.close()).length > 0;
  }

  async #application({ applicationId }: CallEndpoint): Promise<ApplicationRecord> {
    const application = await this.#deps.backplane.admission.application(applicationId);
    if (application === undefined) {
      throw new ProtocolError('unauthenticated', 'The application of the token is not known here.');
    }

    return application;
  }

  /** Rejects with `HeldElsewhere` when another node has the call. */
  async #requireHere(
    { applicationId }: CallEndpoint,
    callId: string,
    onElsewhere = (): void => {},
  ): Promise<void> {
    const url = await this.places.elsewhere(applicationId, callId);
    if (url !== undefined) {
      onElsewhere();
      throw new HeldElsewhere(url);
    }
  }

  #holdAllBut(endpoint: CallEndpoint, callId: string): void {
    const { directory, logger } = this.#deps;
    for (const otherId of directory.callsOf(endpoint).filter((id) => id !== callId)) {
      setOnHold(this.participation(endpoint, otherId), true).catch((error: unknown) =>
        logger.error({ err: error, callId: otherId }, 'call not held'),
      );
    }
  }

  #restore(kept: KeptCall): Promise<unknown> {
    const { applicationId, kind, roomId, settings } = kept;

    return roomId === undefined
      ? this.#create({ applicationId, kind, settings, kept, onEnded: () => {} })
      : this.#rooms.restore(applicationId, roomId, kept);
  }

  async #create({ onEnded, ...options }: Omit<CallOptions, 'id'>): Promise<Call> {
    const id = options.kept?.id ?? randomUUID();
    const call = await Call.create(
      {
        ...options,
        id,
        onEnded: (how) => {
          this.#calls.delete(id);
          onEnded(how);
        },
      },
      this.#deps,
    );
    if (!call.hasEnded) {
      this.#calls.set(id, call);
    }

    return call;
  }

  #callOf({ applicationId }: { readonly applicationId: string }, callId: string): Call {
    const call = this.#calls.get(callId);
    if (call === undefined || call.applicationId !== applicationId) {
      throw new ProtocolError('call_not_found');
    }

    return call;
  }
}
