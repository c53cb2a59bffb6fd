import type { Presence } from '@parley/backplane';
import {
  ProtocolError,
  type CallSettings,
  type EndReasonName,
  type ErrorCode,
  type Identity,
} from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import { isNumber, type Callee } from './resolveCallees.ts';
import { mayRing } from '../scopes.ts';

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
}

export interface Screening {
  readonly ringable: readonly Ringable[];
  readonly unreachable: readonly Unreachable[];
  /** Other nodes on which those have devices who have none here, the one with the most callees first. */
  readonly nodeIds: readonly string[];
}

export interface Reach {
  /** Of this node. */
  readonly nodeId: string;
  readonly presence: Presence;
  readonly directory: EndpointDirectory;
  /** What becomes of a call to somebody who is in another one. */
  readonly whenBusy: CallSettings['whenBusy'];
  /** Whether the call, by its room, is open to the user of the device. */
  readonly admits: (device: CallEndpoint) => boolean;
}

/** Finds out who of the callees can be rung. */
export async function screenCallees(
  applicationId: string,
  callees: readonly Callee[],
  reach: Reach,
): Promise<Screening> {
  const calleesAt = new Map<string, number>();
  const screened = await Promise.all(
    callees.map(async (callee) => ({ callee, outcome: await screen(callee) })),
  );
  const ringable: Ringable[] = [];
  const unreachable: Unreachable[] = [];
  for (const { callee, outcome } of screened) {
    if (typeof outcome === 'string') {
      unreachable.push(...unreachableAs(callee, outcome));
    } else {
      ringable.push({ callee, identity: outcome });
    }
  }

  const nodes = [...calleesAt].toSorted(([, left], [, right]) => right - left);

  return { ringable, unreachable, nodeIds: nodes.map(([nodeId]) => nodeId) };

  async function screen({ user, dialled }: Callee): Promise<Identity | Refusal> {
    if (user === undefined) {
      // It may be somebody's telephone, and calls have no leg to telephones.
      return dialled.every(isNumber) ? 'not_supported' : 'not_found';
    }
    const { userId, displayName } = user;
    const endpoints = await reach.presence.endpointsOf(applicationId, userId);
    if (endpoints.length === 0) {
      return 'offline';
    }
    const devices = ringableDevices(applicationId, userId, reach);
    if (devices === 'offline') {
      const elsewhere = endpoints.map(({ nodeId }) => nodeId).filter((nodeId) => nodeId !== reach.nodeId);
      new Set(elsewhere).forEach((nodeId) => calleesAt.set(nodeId, (calleesAt.get(nodeId) ?? 0) + 1));
    }

    return typeof devices === 'string' ? devices : { userId, displayName, kind: 'user' };
  }
}

/** The devices on which the user can be rung now, at least one, or why there is none. */
export function ringableDevices(
  applicationId: string,
  userId: string,
  { directory, whenBusy, admits }: Pick<Reach, 'directory' | 'whenBusy' | 'admits'>,
): readonly CallEndpoint[] | Exclude<Refusal, 'not_found' | 'not_supported'> {
  const connected = directory.devicesOf(applicationId, userId).filter(mayRing);
  if (connected.length === 0) {
    return 'offline';
  }
  const devices = connected.filter(admits);
  if (devices.length === 0) {
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

  return new ProtocolError(found?.[1] ?? 'callee_not_found');
}
