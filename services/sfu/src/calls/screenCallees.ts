import type { Backplane } from '@parley/backplane';
import { ProtocolError, type EndReasonName, type ErrorCode, type Identity } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { EndpointDirectory } from './EndpointDirectory.ts';
import { answeringScopes, hasScope } from './scopes.ts';

/** The errors of a call in which nobody can be rung, the one that is told first. */
const refusals = [
  ['not_found', 'callee_not_found'],
  ['offline', 'callee_offline'],
  ['busy', 'callee_busy'],
] as const satisfies readonly (readonly [EndReasonName, ErrorCode])[];

type Refusal = (typeof refusals)[number][0];

export interface Unreachable {
  readonly userId: string;
  readonly reason: Refusal;
}

export interface Screening {
  /** Those who could be rung when they were looked up. */
  readonly callees: readonly Identity[];
  readonly unreachable: readonly Unreachable[];
}

/** Finds out who of the wanted users can be rung; throws a `callee_…` error when nobody can. */
export async function screenCallees(
  applicationId: string,
  userIds: readonly string[],
  { backplane, directory }: { backplane: Backplane; directory: EndpointDirectory },
): Promise<Screening> {
  const screened = await Promise.all(
    userIds.map(async (userId) => ({ userId, outcome: await screen(userId) })),
  );
  const callees: Identity[] = [];
  const unreachable: Unreachable[] = [];
  for (const { userId, outcome } of screened) {
    if (typeof outcome === 'string') {
      unreachable.push({ userId, reason: outcome });
    } else {
      callees.push(outcome);
    }
  }
  if (callees.length === 0) {
    throw refusalOf(unreachable);
  }

  return { callees, unreachable };

  async function screen(userId: string): Promise<Identity | Refusal> {
    const [user, endpoints] = await Promise.all([
      backplane.admission.user(applicationId, userId),
      backplane.presence.endpointsOf(applicationId, userId),
    ]);
    if (user === undefined) {
      return 'not_found';
    }
    if (endpoints.length === 0) {
      return 'offline';
    }
    const devices = ringableDevices(directory, applicationId, userId);

    return typeof devices === 'string' ? devices : { userId, displayName: user.displayName, kind: 'user' };
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
    .filter((device) => device.isConnected && hasScope(device, answeringScopes));
  if (devices.length === 0) {
    return 'offline';
  }

  return directory.isBusy(applicationId, userId) ? 'busy' : devices;
}

/** What is answered when nobody could be rung. */
export function refusalOf(unreachable: readonly Unreachable[]): ProtocolError {
  const found = refusals.find(([refusal]) => unreachable.some(({ reason }) => reason === refusal));

  return new ProtocolError(found?.[1] ?? 'callee_not_found');
}
