import type { Backplane } from '@parley/backplane';
import {
  ProtocolError,
  type CallSettings,
  type EndReasonName,
  type ErrorCode,
  type Identity,
} from '@parley/protocol';
import type { Admissible, CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import { mayRing } from '../scopes.ts';
import { farNodeIds } from './farNodeIds.ts';
import { isNumber, type Callee } from './resolveCallees.ts';

/** The errors of a call in which nobody can be rung, the one that is told first. */
const refusals = [
  ['not_found', 'callee_not_found'],
  ['not_supported', 'not_supported'],
  ['not_on_roster', 'not_on_roster'],
  ['offline', 'callee_offline'],
  ['busy', 'callee_busy'],
] as const satisfies readonly (readonly [EndReasonName, ErrorCode])[];

type Refusal = (typeof refusals)[number][0];

export interface Unreachable {
  /** What was dialled. */
  readonly userId: string;
  readonly reason: Refusal;
}

/** A callee who could be rung when they were looked up. */
export interface Ringable {
  readonly callee: Callee;
  readonly identity: Identity;
  /** Other nodes on which they have devices. */
  readonly nodeIds: readonly string[];
}

export interface Screening {
  readonly ringable: readonly Ringable[];
  readonly unreachable: readonly Unreachable[];
}

export interface Reach {
  /** Of this node. */
  readonly nodeId: string;
  readonly backplane: Pick<Backplane, 'callDirectory' | 'nodes' | 'presence'>;
  readonly directory: EndpointDirectory;
  /** What becomes of a call to somebody who is in another one. */
  readonly whenBusy: CallSettings['whenBusy'];
  /** Whether the call, by its room, is open to the user of the device. */
  readonly admits: (device: Admissible) => boolean;
}

/** Finds out who of the callees can be rung. */
export async function screenCallees(
  applicationId: string,
  callees: readonly Callee[],
  reach: Reach,
): Promise<Screening> {
  const screened = await Promise.all(
    callees.map(async (callee) => ({ callee, outcome: await screen(callee) })),
  );
  const ringable: Ringable[] = [];
  const unreachable: Unreachable[] = [];
  for (const { callee, outcome } of screened) {
    if (typeof outcome === 'string') {
      unreachable.push(...unreachableAs(callee, outcome));
    } else {
      ringable.push(outcome);
    }
  }

  return { ringable, unreachable };

  async function screen(callee: Callee): Promise<Ringable | Refusal> {
    if (callee.user === undefined) {
      // It may be somebody's telephone, and calls have no leg to telephones.
      return callee.dialled.every(isNumber) ? 'not_supported' : 'not_found';
    }
    const { userId, displayName } = callee.user;
    const { backplane, nodeId, whenBusy } = reach;
    const identity: Identity = { userId, displayName, kind: 'user' };
    const [nodeIds, busy] = await Promise.all([
      farNodeIds(backplane, { applicationId, userId }, nodeId),
      whenBusy === 'refuse' ? backplane.callDirectory.busyAmong(applicationId, [userId]) : undefined,
    ]);
    const devices = ringableDevices(applicationId, { identity, nodeIds }, reach);
    if (typeof devices === 'string') {
      return devices;
    }

    // In a call of another node, perhaps.
    return busy?.has(userId) === true ? 'busy' : { callee, identity, nodeIds };
  }
}

/** The devices here on which the user can be rung now, none when they only have some elsewhere, or why they cannot be. */
export function ringableDevices(
  applicationId: string,
  { identity, nodeIds }: Pick<Ringable, 'identity' | 'nodeIds'>,
  { directory, whenBusy, admits }: Pick<Reach, 'directory' | 'whenBusy' | 'admits'>,
): readonly CallEndpoint[] | Exclude<Refusal, 'not_found' | 'not_supported'> {
  const { userId } = identity;
  const connected = directory.devicesOf(applicationId, userId).filter(mayRing);
  if (connected.length === 0 && nodeIds.length === 0) {
    return 'offline';
  }
  const devices = connected.filter(admits);
  // What those elsewhere may do is asked when they answer.
  const isAdmittedElsewhere = nodeIds.length > 0 && admits({ identity, scopes: ['calls'] });
  if (devices.length === 0 && !isAdmittedElsewhere) {
    return 'not_on_roster';
  }

  return whenBusy === 'refuse' && directory.isBusy(applicationId, userId) ? 'busy' : devices;
}

/** A callee is told of by every name that the caller used. */
export function unreachableAs({ dialled }: Callee, reason: Refusal): Unreachable[] {
  return dialled.map((userId) => ({ userId, reason }));
}

/** What is answered when nobody could be rung. */
export function refusalOf(unreachable: readonly Unreachable[]): ProtocolError {
  const found = refusals.find(([refusal]) => unreachable.some(({ reason }) => reason === refusal));
  const code = found?.[1] ?? 'callee_not_found';

  return new ProtocolError(
    code,
    code === 'not_supported'
      ? 'No user has that number, and calls have no leg to telephones yet.'
      : undefined,
  );
}
