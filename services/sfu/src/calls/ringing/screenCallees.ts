import type { Presence } from '@parley/backplane';
import { ProtocolError, type EndReasonName, type ErrorCode, type Identity } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import type { Callee } from './resolveCallees.ts';
import { mayAnswer } from '../scopes.ts';

/** The errors of a call in which nobody can be rung, the one that is told first. */
const refusals = [
  ['not_found', 'callee_not_found'],
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
}

/** Finds out who of the callees can be rung; throws a `callee_…` error when nobody can. */
export async function screenCallees(
  applicationId: string,
  callees: readonly Callee[],
  { presence, directory }: { presence: Presence; directory: EndpointDirectory },
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
      ringable.push({ callee, identity: outcome });
    }
  }
  if (ringable.length === 0) {
    throw refusalOf(unreachable);
  }

  return { ringable, unreachable };

  async function screen({ user }: Callee): Promise<Identity | Refusal> {
    if (user === undefined) {
      return 'not_found';
    }
    const { userId, displayName } = user;
    const endpoints = await presence.endpointsOf(applicationId, userId);
    if (endpoints.length === 0) {
      return 'offline';
    }
    const devices = ringableDevices(directory, applicationId, userId);

    return typeof devices === 'string' ? devices : { userId, displayName, kind: 'user' };
  }
}

/** The devices on which the user can be rung now, at least one, or why there is none. */
export function ringableDevices(
  directory: EndpointDirectory,
  applicationId: string,
  userId: string,
): readonly CallEndpoint[] | Exclude<Refusal, 'not_found'> {
  const devices = directory
    .devicesOf(applicationId, userId)
    .filter((device) => device.isConnected && mayAnswer(device));
  if (devices.length === 0) {
    return 'offline';
  }

  return directory.isBusy(applicationId, userId) ? 'busy' : devices;
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
