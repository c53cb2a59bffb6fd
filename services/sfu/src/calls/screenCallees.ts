import type { Backplane } from '@parley/backplane';
import { ProtocolError, type EndReasonName, type ErrorCode, type Identity } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { EndpointDirectory } from './EndpointDirectory.ts';

/** Somebody who can be rung. */
export interface Callee {
  readonly identity: Identity;
  readonly devices: readonly CallEndpoint[];
}

export interface Unreachable {
  readonly userId: string;
  readonly reason: EndReasonName;
}

export interface Screening {
  readonly callees: readonly Callee[];
  readonly unreachable: readonly Unreachable[];
}

/** The errors of a call in which nobody can be rung, the one that is told first. */
const refusals = [
  ['not_found', 'callee_not_found'],
  ['offline', 'callee_offline'],
  ['busy', 'callee_busy'],
] as const satisfies readonly (readonly [EndReasonName, ErrorCode])[];

type Refusal = (typeof refusals)[number][0];

/** Finds out who of the wanted users can be rung; throws a `callee_…` error when nobody can. */
export async function screenCallees(
  applicationId: string,
  userIds: readonly string[],
  { backplane, directory }: { backplane: Backplane; directory: EndpointDirectory },
): Promise<Screening> {
  const screened = await Promise.all(
    userIds.map(async (userId) => ({ userId, outcome: await screen(applicationId, userId) })),
  );
  const callees: Callee[] = [];
  const unreachable: { userId: string; reason: Refusal }[] = [];
  for (const { userId, outcome } of screened) {
    if (typeof outcome === 'string') {
      unreachable.push({ userId, reason: outcome });
    } else {
      callees.push(outcome);
    }
  }
  if (callees.length === 0) {
    throw refusalOf(unreachable.map(({ reason }) => reason));
  }

  return { callees, unreachable };

  async function screen(application: string, userId: string): Promise<Callee | Refusal> {
    const [user, endpoints] = await Promise.all([
      backplane.admission.user(application, userId),
      backplane.presence.endpointsOf(application, userId),
    ]);
    if (user === undefined) {
      return 'not_found';
    }
    const devices = endpoints
      .map(({ endpointId }) => directory.find(endpointId))
      .filter((device) => device !== undefined);
    if (devices.length === 0) {
      return 'offline';
    }
    if (directory.isBusy(application, userId)) {
      return 'busy';
    }

    return { identity: { userId, displayName: user.displayName, kind: 'user' }, devices };
  }
}

function refusalOf(reasons: readonly Refusal[]): ProtocolError {
  const found = refusals.find(([reason]) => reasons.includes(reason));

  return new ProtocolError(found?.[1] ?? 'callee_not_found');
}
