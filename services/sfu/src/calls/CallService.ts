import { randomUUID } from 'node:crypto';
import type { ApplicationRecord, NodeCommand } from '@parley/backplane';
import {
  ProtocolError,
  type EndReasonName,
  type Joined,
  type MediaOffer,
  type RequestAnswer,
  type RequestData,
} from '@parley/protocol';
import { Call } from './Call.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { CallDependencies, CallOptions } from './callTypes.ts';
import { carryOut } from './carryOut.ts';
import type { Participation } from './publish.ts';
import { requireDestination, resolveCallees, type Callee } from './resolveCallees.ts';
import { RoomCalls } from './RoomCalls.ts';
import { mayAnswer, requireAnswering, requireCalling } from './scopes.ts';
import {
  refusalOf,
  ringableDevices,
  screenCallees,
  unreachableAs,
  type Unreachable,
} from './screenCallees.ts';

/**
 * The calls of this node, and the ways into them. How many participants a call may have is read whenever somebody
 * enters: a changed limit holds from then on, and turns nobody out.
 */
export class CallService {
  readonly #deps: CallDependencies;
  readonly #calls = new Map<string, Call>();
  readonly #rooms: RoomCalls;

  constructor(deps: CallDependencies) {
    this.#deps = deps;
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
    { callees: dialled, media }: RequestData<'startCall'>,
  ): Promise<RequestAnswer<'startCall'>> {
    requireCalling(endpoint);
    const { applicationId, identity } = endpoint;
    const { admission } = this.#deps.backplane;
    const [{ limits, anonymousDestinations }, callees] = await Promise.all([
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

    return this.#deps.directory.whileEntering(endpoint, () => this.#ring(endpoint, callees, media));
  }

  async joinRoom(endpoint: CallEndpoint, { roomId, media }: RequestData<'joinRoom'>): Promise<Joined> {
    const { limits } = await this.#application(endpoint);
    const entrant = { endpoint, offer: media, maxParticipants: limits.participantsPerCall };

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
  ): Promise<RequestAnswer<'startCall'>> {
    const { applicationId, identity } = caller;
    const { backplane, directory } = this.#deps;
    const screening = await screenCallees(applicationId, callees, {
      presence: backplane.presence,
      directory,
    });
    const unreachable: Unreachable[] = [...screening.unreachable];
    const kind = callees.length === 1 ? 'direct' : 'group';
    const call = await this.#create({ kind, applicationId, onEnded: () => {} });
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
