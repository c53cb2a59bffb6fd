import type { ApplicationRecord } from '@parley/backplane';
import {
  callSettingsOfCaller,
  callSettingsWith,
  ProtocolError,
  type CallSettings,
  type Identity,
  type RequestAnswer,
  type RequestData,
} from '@parley/protocol';
import type { Call } from '../Call.ts';
import { HeldElsewhere } from '../HeldElsewhere.ts';
import type { Admissible, CallEndpoint } from '../CallEndpoint.ts';
import type { CallDependencies, CallOptions } from '../callTypes.ts';
import type { Participation } from '../participants/publish.ts';
import { mayRing, requireAdding } from '../scopes.ts';
import type { CalleeDevices } from './Invitation.ts';
import { RingRate } from './RingRate.ts';
import { requireDestination, resolveCallees, type Callee } from './resolveCallees.ts';
import {
  refusalOf,
  ringableDevices,
  screenCallees,
  unreachableAs,
  type Reach,
  type Ringable,
  type Unreachable,
} from './screenCallees.ts';

type Started = Extract<RequestAnswer<'startCall'>, { action: 'joined' }>;
type Added = RequestAnswer<'addParticipants'>;

export interface DiallingOptions {
  readonly deps: CallDependencies;
  readonly createCall: (options: Omit<CallOptions, 'id'>) => Promise<Call>;
}

/** Rings people: in calls that are made for it, and into calls that go on. */
export class Dialling {
  readonly #options: DiallingOptions;
  readonly #rate: RingRate;

  constructor(options: DiallingOptions) {
    const { clock, limits } = options.deps;
    this.#options = options;
    this.#rate = new RingRate({ perMinute: limits.ringsPerMinute, clock });
  }

  /**
   * Enters a new call that rings the callees. Rejects with the reason of one of them when none can be rung, and with
   * `HeldElsewhere` when all those who can are connected to other nodes. Throws as `callSettingsOfCaller` and `RingRate` do
   * before there is a call.
   */
  async start(
    caller: CallEndpoint,
    { callees: dialled, media: offer, settings: changed, customData = {} }: RequestData<'startCall'>,
    { limits, anonymousDestinations, callSettings }: ApplicationRecord,
  ): Promise<Started> {
    const { applicationId, identity } = caller;
    const { deps, createCall } = this.#options;
    const callees = await this.#resolve(caller, dialled);
    requireDestination(caller, callees, anonymousDestinations);
    if (callees.length >= limits.participantsPerCall) {
      const most = `A call has at most ${limits.participantsPerCall} participants.`;
      throw new ProtocolError('invalid_request', most);
    }
    const settings = callSettingsOfCaller(callSettingsWith(deps.settings, callSettings), changed);
    const reach = this.#reach(settings, () => true);
    const { ringable, unreachable } = await screenCallees(applicationId, callees, reach);
    if (ringable.length === 0) {
      throw refusalOf(unreachable);
    }
    await this.#requireAnyHere(applicationId, ringable);
    this.#requireRate(caller, ringable);
    const call = await createCall({
      kind: callees.length === 1 ? 'direct' : 'group',
      applicationId,
      settings,
      customData,
      onEnded: () => {},
    });
    const missed: Unreachable[] = [...unreachable];
    const ringAll = (): void => {
      const late = ring(applicationId, ringable, reach, (callee, found) =>
        call.ringing.ring(callee, identity, found),
      );
      missed.push(...late);
      if (!call.ringing.isPending) {
        throw refusalOf(missed);
      }
    };
    const entrant = { endpoint: caller, offer, role: () => 'presenter' as const };
    const joined = await call.entrances.enter(entrant, { onEntered: ringAll });

    return { ...joined, unreachable: missed };
  }

  /**
   * Rings more people into the call; who is in it or rings already is answered as they are. Those who were removed are
   * let in again. Rejects with the reason of one of them when none can be rung, and with `room_full` when there
   * would be too many.
   */
  async add(
    { call, participant }: Participation,
    adder: CallEndpoint,
    dialled: readonly string[],
    { limits }: ApplicationRecord,
  ): Promise<Added> {
    requireAdding(adder);
    requireMayAdd({ call, participant });
    const callees = await this.#resolve(adder, dialled);
    const isIn = ({ user }: Callee): boolean => user !== undefined && call.ofUser(user.userId) !== undefined;
    const admits = (device: Admissible): boolean =>
      call.door === undefined || call.door.roleOf(device) !== undefined;
    const reach = this.#reach(call.settings, admits);
    const others = callees.filter((callee) => !isIn(callee));
    const { ringable, unreachable } = await screenCallees(adder.applicationId, others, reach);
    // Meanwhile the adder may have left or may not any more, and some of them be there already.
    requireMayAdd({ call, participant });
    const absent = ringable.filter(({ callee }) => !isIn(callee));
    call.entrances.requireRoomFor(absent.length, limits.participantsPerCall);
    this.#requireRate(adder, absent);
    const missed = ring(adder.applicationId, absent, reach, (callee, found) =>
      call.add(callee, participant.identity, found),
    );
    const added = callees.flatMap(({ dialled: names, user }) => {
      const found = user && call.ofUser(user.userId);

      return found === undefined ? [] : names.map((userId) => ({ userId, participantId: found.id }));
    });
    if (added.length === 0) {
      throw refusalOf([...unreachable, ...missed]);
    }

    return { added, unreachable: [...unreachable, ...missed] };
  }

  async #resolve({ applicationId, identity }: CallEndpoint, dialled: readonly string[]): Promise<Callee[]> {
    const { admission } = this.#options.deps.backplane;
    const callees = await resolveCallees(applicationId, dialled, admission);
    if (callees.some(({ user }) => user?.userId === identity.userId)) {
      throw new ProtocolError('invalid_request', 'Nobody can call themselves.');
    }

    return callees;
  }

  #requireRate({ applicationId, identity }: CallEndpoint, ringable: readonly Ringable[]): void {
    for (const callee of ringable) {
      this.#rate.require(applicationId, identity.userId, callee.identity.userId);
    }
  }

  #reach({ whenBusy }: CallSettings, admits: Reach['admits']): Reach {
    const { backplane, directory, nodeId } = this.#options.deps;

    return { nodeId, backplane, directory, whenBusy, admits };
  }

  /** Where nobody has a device here the call is at home with those who have: who answers need not go elsewhere for it. */
  async #requireAnyHere(applicationId: string, ringable: readonly Ringable[]): Promise<void> {
    const { backplane, directory } = this.#options.deps;
    const isHere = ({ identity }: Ringable): boolean =>
      directory.devicesOf(applicationId, identity.userId).some(mayRing);
    if (ringable.some(isHere)) {
      return;
    }
    const perNode = Map.groupBy(
      ringable.flatMap(({ nodeIds }) => nodeIds),
      (nodeId) => nodeId,
    );
    const [most] = [...perNode].toSorted(([, left], [, right]) => right.length - left.length);
    const node = most && (await backplane.nodes.find(most[0]));
    throw node === undefined ? new ProtocolError('callee_offline') : new HeldElsewhere(node.url);
  }
}

/** A room with a lobby is open to those who are rung in only where they could be admitted, too. */
function requireMayAdd({ call, participant }: Participation): void {
  if (!call.has(participant)) {
    throw new ProtocolError('call_not_found');
  }
  call.roles.require(participant, 'addParticipants');
  if (call.door?.hasLobby === true) {
    call.roles.require(participant, 'manageLobby');
  }
}

/** Rings those who can still be rung: since they were screened, devices may have come and gone, or entered a call. */
function ring(
  applicationId: string,
  ringable: readonly Ringable[],
  reach: Reach,
  ringOn: (callee: Identity, found: CalleeDevices) => void,
): Unreachable[] {
  const unreachable: Unreachable[] = [];
  for (const { callee, identity, nodeIds } of ringable) {
    const devices = ringableDevices(applicationId, { identity, nodeIds }, reach);
    if (typeof devices === 'string') {
      unreachable.push(...unreachableAs(callee, devices));
    } else {
      ringOn(identity, { devices, nodeIds });
    }
  }

  return unreachable;
}
