import { randomUUID } from 'node:crypto';
import type { ApplicationRecord, NodeCommand } from '@parley/backplane';
import {
  callSettingsWith,
  ProtocolError,
  type EndReasonName,
  type IceServer,
  type Joined,
  type MediaOffer,
  type RequestAnswer,
  type RequestData,
  type Resumed,
} from '@parley/protocol';
import { Call } from './Call.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { CallDependencies, CallOptions } from './callTypes.ts';
import { carryOut } from './carryOut.ts';
import { EndedPlaces } from './recovery/EndedPlaces.ts';
import type { Participation } from './participants/publish.ts';
import { requireDestination, resolveCallees, type Callee } from './ringing/resolveCallees.ts';
import { RoomCalls } from './rooms/RoomCalls.ts';
import { mayAnswer, requireAnswering, requireCalling } from './scopes.ts';
import {
  refusalOf,
  ringableDevices,
  screenCallees,
  unreachableAs,
  type Unreachable,
} from './ringing/screenCallees.ts';

type Started = Extract<RequestAnswer<'startCall'>, { action: 'joined' }>;

/**
 * The calls of this node, and the ways into them. How many participants a call may have is read whenever somebody
 * enters: a changed limit holds from then on, and turns nobody out.
 */
export class CallService {
  readonly #deps: CallDependencies;
  readonly #calls = new Map<string, Call>();
  readonly #rooms: RoomCalls;

  constructor(deps: Omit<CallDependencies, 'endedPlaces'>) {
    this.#deps = { ...deps, endedPlaces: new EndedPlaces(deps.clock) };
    this.#rooms = new RoomCalls({
      admission: deps.backplane.admission,
      clock: deps.clock,
      createCall: (options) => this.#create(options),
    });
  }

  /** From here on the endpoint can be rung; what rings on its user's other devices rings on it as well. */
  connect(endpoint: CallEndpoint): void {
    this.#deps.directory.add(endpoint);
    if (!mayAnswer(endpoint)) {
      return;
    }
    for (const call of this.#calls.values()) {
      if (call.applicationId === endpoint.applicationId) {
        call.endpointAppeared(endpoint);
      }
    }
  }

  /** The endpoint leaves all of its calls, for the reason the others are told. Idempotent. */
  disconnect(endpoint: CallEndpoint, reason: EndReasonName): void {
    for (const callId of this.#deps.directory.remove(endpoint)) {
      this.#calls.get(callId)?.endpointGone(endpoint, reason);
    }
  }

  async startCall(
    endpoint: CallEndpoint,
    { callees: dialled, media, settings, customData }: RequestData<'startCall'>,
  ): Promise<Started> {
    requireCalling(endpoint);
    const { applicationId, identity } = endpoint;
    const { admission } = this.#deps.backplane;
    const [{ limits, anonymousDestinations, callSettings }, callees] = await Promise.all([
      this.#application(endpoint),
      resolveCallees(applicationId, dialled, admission),
    ]);
    requireDestination(endpoint, callees, anonymousDestinations);
    if (callees.some(({ user }) => user?.userId === identity.userId)) {
      throw new ProtocolError('invalid_request', 'Nobody can call themselves.');
    }
    if (callees.length >= limits.participantsPerCall) {
      const most = `A call has at most ${limits.participantsPerCall} participants.`;
      throw new ProtocolError('invalid_request', most);
    }

    return this.#deps.directory.whileEntering(endpoint, () =>
      this.#ring(endpoint, callees, media, {
        settings: callSettingsWith(this.#deps.settings, callSettings, settings),
        ...(customData === undefined ? {} : { customData }),
      }),
    );
  }

  async joinRoom(endpoint: CallEndpoint, { roomId, media }: RequestData<'joinRoom'>): Promise<Joined> {
    const { limits, callSettings } = await this.#application(endpoint);
    const entrant = {
      endpoint,
      offer: media,
      maxParticipants: limits.participantsPerCall,
      settings: callSettingsWith(this.#deps.settings, callSettings),
    };

    return this.#deps.directory.whileEntering(endpoint, () => this.#rooms.enter(roomId, entrant));
  }

  async acceptCall(endpoint: CallEndpoint, callId: string, media: MediaOffer): Promise<Joined> {
    requireAnswering(endpoint);

    return this.#deps.directory.whileEntering(endpoint, () =>
      this.#callOf(endpoint, callId).accept(endpoint, media),
    );
  }

  rejectCall(endpoint: CallEndpoint, callId: string): void {
    requireAnswering(endpoint);
    this.#callOf(endpoint, callId).decline(endpoint);
  }

  /**
   * The endpoint's part in the call. Throws `call_not_found` when it has none, whether or not there is such a
   * call: nobody learns of the calls of others.
   */
  participation(endpoint: CallEndpoint, callId: string): Participation {
    const call = this.#callOf(endpoint, callId);
    const participant = call.connected.get(endpoint);
    if (participant === undefined) {
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

  /** Where the client of that user finds a path when there is no straight one. */
  iceServersFor(userId: string): IceServer[] {
    return this.#deps.iceServersFor(userId);
  }

  /** Takes the endpoint back to the place that the token was made for. */
  async resume(endpoint: CallEndpoint, request: RequestData<'resume'>): Promise<Resumed> {
    const call = this.#calls.get(request.callId);
    const participant =
      call?.applicationId === endpoint.applicationId
        ? call.resumable(endpoint, request.resumeToken)
        : undefined;
    if (call === undefined || participant === undefined) {
      return { action: 'stop', reason: this.#reasonOfEnd(endpoint, request) };
    }

    return call.reconnects.resume(participant, endpoint, request);
  }

  /** Rejects with `call_not_found` for a call that is not here, or of another application. */
  async carryOut(command: NodeCommand): Promise<void> {
    await carryOut(command, this.#callOf(command, command.callId));
  }

  /** Ends every call with `server_ended`. */
  close(): void {
    this.#rooms.close();
    for (const call of this.#calls.values()) {
      call.end('server_ended');
    }
  }

  /** Nobody learns of the places of others: to a token that was made for none, every place is lost. */
  #reasonOfEnd({ identity }: CallEndpoint, { callId, resumeToken }: RequestData<'resume'>): EndReasonName {
    return this.#deps.endedPlaces.reasonFor(callId, identity.userId, resumeToken) ?? 'connection_lost';
  }

  async #application({ applicationId }: CallEndpoint): Promise<ApplicationRecord> {
    const application = await this.#deps.backplane.admission.application(applicationId);
    if (application === undefined) {
      throw new ProtocolError('unauthenticated', 'The application of the token is not known here.');
    }

    return application;
  }

  async #ring(
    caller: CallEndpoint,
    callees: readonly Callee[],
    offer: MediaOffer,
    options: Pick<CallOptions, 'settings' | 'customData'>,
  ): Promise<Started> {
    const { applicationId, identity } = caller;
    const { backplane, directory } = this.#deps;
    const screening = await screenCallees(applicationId, callees, {
      presence: backplane.presence,
      directory,
    });
    const unreachable: Unreachable[] = [...screening.unreachable];
    const kind = callees.length === 1 ? 'direct' : 'group';
    const call = await this.#create({ ...options, kind, applicationId, onEnded: () => {} });
    const entrant = { endpoint: caller, offer, role: () => 'presenter' as const };
    const joined = await call.enter(entrant, () => {
      let isRinging = false;
      for (const { callee, identity: called } of screening.ringable) {
        // Asked again: while the media was made, devices may have come and gone, or entered another call.
        const devices = ringableDevices(directory, applicationId, called.userId);
        if (typeof devices === 'string') {
          unreachable.push(...unreachableAs(callee, devices));
        } else {
          call.ring(called, identity, devices);
          isRinging = true;
        }
      }
      if (!isRinging) {
        throw refusalOf(unreachable);
      }
    });

    return { ...joined, unreachable };
  }

  async #create({ onEnded, ...options }: Omit<CallOptions, 'id'>): Promise<Call> {
    const id = randomUUID();
    const call = await Call.create(
      {
        ...options,
        id,
        onEnded: () => {
          this.#calls.delete(id);
          onEnded();
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
