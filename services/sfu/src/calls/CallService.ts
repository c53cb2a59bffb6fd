import { randomUUID } from 'node:crypto';
import type { Backplane } from '@parley/backplane';
import {
  ProtocolError,
  type EndReasonName,
  type Joined,
  type MediaOffer,
  type RequestAnswer,
  type RequestData,
} from '@parley/protocol';
import { admitToRoom } from './admitToRoom.ts';
import { Call } from './Call.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { CallDependencies, CallOptions } from './callTypes.ts';
import type { Participation } from './publish.ts';
import { RoomCalls } from './RoomCalls.ts';
import { answeringScopes, hasScope, requireScope } from './scopes.ts';
import { refusalOf, ringableDevices, screenCallees, type Unreachable } from './screenCallees.ts';

export interface CallServiceDependencies extends CallDependencies {
  readonly backplane: Backplane;
}

/** The calls of this node, and the ways into them. */
export class CallService {
  readonly #deps: CallServiceDependencies;
  readonly #calls = new Map<string, Call>();
  readonly #rooms: RoomCalls;

  constructor(deps: CallServiceDependencies) {
    this.#deps = deps;
    this.#rooms = new RoomCalls((applicationId, roomId, onEnded) =>
      this.#create({ kind: 'room', applicationId, roomId, onEnded }),
    );
  }

  /** From here on the endpoint can be rung; what rings on its user's other devices rings on it as well. */
  connect(endpoint: CallEndpoint): void {
    this.#deps.directory.add(endpoint);
    if (!hasScope(endpoint, answeringScopes)) {
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
    { callees: wanted, media }: RequestData<'startCall'>,
  ): Promise<RequestAnswer<'startCall'>> {
    requireScope(endpoint, ['calls']);
    const userIds = [...new Set(wanted)];
    if (userIds.includes(endpoint.identity.userId)) {
      throw new ProtocolError('invalid_request', 'Nobody can call themselves.');
    }

    return this.#deps.directory.whileEntering(endpoint, () => this.#ring(endpoint, userIds, media));
  }

  async joinRoom(endpoint: CallEndpoint, { roomId, media }: RequestData<'joinRoom'>): Promise<Joined> {
    const { backplane, clock } = this.#deps;
    const room = await backplane.admission.room(endpoint.applicationId, roomId);
    const { role, capacity } = admitToRoom(endpoint, roomId, room, clock.now());

    return this.#deps.directory.whileEntering(endpoint, () =>
      this.#rooms.enter(roomId, { endpoint, role, offer: media, capacity }),
    );
  }

  async acceptCall(endpoint: CallEndpoint, callId: string, media: MediaOffer): Promise<Joined> {
    requireScope(endpoint, answeringScopes);

    return this.#deps.directory.whileEntering(endpoint, () =>
      this.#callOf(endpoint, callId).accept(endpoint, media),
    );
  }

  rejectCall(endpoint: CallEndpoint, callId: string): void {
    this.#callOf(endpoint, callId).decline(endpoint);
  }

  /**
   * The endpoint's part in the call. Throws `call_not_found` when it has none, whether or not there is such a
   * call: nobody learns of the calls of others.
   */
  participation(endpoint: CallEndpoint, callId: string): Participation {
    const call = this.#callOf(endpoint, callId);
    const participant = call.participantOf(endpoint);
    if (participant === undefined) {
      throw new ProtocolError('call_not_found');
    }

    return { call, participant };
  }

  /** Ends every call with `server_ended`. */
  close(): void {
    for (const call of this.#calls.values()) {
      call.end('server_ended');
    }
  }

  async #ring(
    caller: CallEndpoint,
    userIds: readonly string[],
    offer: MediaOffer,
  ): Promise<RequestAnswer<'startCall'>> {
    const { applicationId, identity } = caller;
    const screening = await screenCallees(applicationId, userIds, this.#deps);
    const unreachable: Unreachable[] = [...screening.unreachable];
    const call = await this.#create({ kind: userIds.length === 1 ? 'direct' : 'group', applicationId });
    const joined = await call.enter({ endpoint: caller, role: 'presenter', offer }, () => {
      for (const callee of screening.callees) {
        // Asked again: while the media was made, devices may have come and gone, or entered another call.
        const devices = ringableDevices(this.#deps.directory, applicationId, callee.userId);
        if (typeof devices === 'string') {
          unreachable.push({ userId: callee.userId, reason: devices });
        } else {
          call.ring(callee, identity, devices);
        }
      }
      if (unreachable.length === userIds.length) {
        throw refusalOf(unreachable);
      }
    });

    return { ...joined, unreachable };
  }

  async #create(options: Omit<CallOptions, 'id' | 'onEnded'> & { onEnded?: () => void }): Promise<Call> {
    const { onEnded, ...rest } = options;
    const id = randomUUID();
    const call = await Call.create(
      {
        ...rest,
        id,
        onEnded: () => {
          this.#calls.delete(id);
          onEnded?.();
        },
      },
      this.#deps,
    );
    if (!call.hasEnded) {
      this.#calls.set(id, call);
    }

    return call;
  }

  #callOf(endpoint: CallEndpoint, callId: string): Call {
    const call = this.#calls.get(callId);
    if (call === undefined || call.applicationId !== endpoint.applicationId) {
      throw new ProtocolError('call_not_found');
    }

    return call;
  }
}
