import { networkOf } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { OperationDescription, OperationName } from '@parley/protocol/rest';
import type { Request, Response } from 'express';
import type { ApiContext } from '../context.ts';
import { requestIdHeader } from '../middleware/accessLog.ts';
import type { Authenticate } from '../principals/authenticate.ts';
import { authorize } from '../principals/authorize.ts';
import { hasRight, type Principal } from '../principals/Principal.ts';
import type { OriginPolicy } from '../requests/origin.ts';
import { parse, parseId } from '../requests/parse.ts';
import { readJson } from '../requests/readJson.ts';
import type { Quota } from '../requests/RequestLimits.ts';
import type { RequestSource } from '../requests/RequestSource.ts';
import type { FoundApplication } from './handlerTypes.ts';

/** What receiving needs besides the context. */
export interface Gate {
  readonly authenticate: Authenticate;
  readonly enforceOrigin: OriginPolicy;
  /** Requests a minute without a valid credential, from one address. */
  readonly addressRequestsPerMinute: number;
  /** Requests a minute with the operator key. */
  readonly operatorRequestsPerMinute: number;
}

/** A request that may be carried out: its parts are those of `OperationCall`, not told apart by operation. */
export interface Received {
  readonly principal: Principal;
  readonly applicationId: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly source: RequestSource;
  readonly idempotencyKey: string | undefined;
  readonly admitVisitor: (application: FoundApplication) => Promise<void>;
}

/**
 * Everything that comes before an operation. The credential first and the body last: a stranger cannot make the
 * server parse, nor learn from the errors which fields an operation takes.
 */
export async function receive(
  { name, operation }: { name: OperationName; operation: OperationDescription },
  { request, response }: { request: Request; response: Response },
  context: ApiContext,
  gate: Gate,
): Promise<Received> {
  const { backplane, limits } = context;
  const principal = await identify();
  const quota = quotaOf(principal, gate);
  if (quota !== undefined) {
    await limits.take(response, quota);
  }
  const application = authorize(principal, operation.access, request.params['applicationId']?.toString());
  if (application !== undefined) {
    gate.enforceOrigin(request, application);
  }
  const params = Object.fromEntries(
    Object.entries(request.params).map(([key, value]) => [key, parseId(value, missingCode(key))]),
  );

  return {
    principal,
    applicationId:
      application?.applicationId ?? (operation.access === 'owner' ? params['applicationId'] : undefined),
    params,
    query: operation.query === undefined ? undefined : parse(operation.query, request.query, 'query'),
    body: operation.body === undefined ? undefined : parse(operation.body, await readJson(request, response)),
    source: { address: request.ip, requestId: response.get(requestIdHeader) },
    idempotencyKey: operation.idempotency === undefined ? undefined : idempotencyKeyOf(request),
    admitVisitor,
  };

  /** Who brings no valid credential is counted by address, before anything else is done for them. */
  async function identify(): Promise<Principal> {
    if (operation.access === 'public') {
      await takeAddress(context, gate, { request, response });

      return { kind: 'visitor' };
    }
    try {
      const found = await gate.authenticate(request);
      if (found.kind === 'visitor') {
        await takeAddress(context, gate, { request, response });
      }

      return found;
    } catch (error) {
      if (error instanceof ProtocolError && error.code !== 'unavailable') {
        await takeAddress(context, gate, { request, response });
      }
      throw error;
    }
  }

  async function admitVisitor({ applicationId }: FoundApplication): Promise<void> {
    const found = await backplane.admission.application(applicationId);
    if (found === undefined) {
      throw new ProtocolError('not_found');
    }
    gate.enforceOrigin(request, found);
    await limits.take(response, {
      window: 'visitors',
      key: JSON.stringify([name, applicationId, networkOf(request.ip)]),
      points: found.limits.visitorsPerMinute,
    });
  }
}

/** Counts a request without a valid credential, for the address it comes from. */
export async function takeAddress(
  { limits }: Pick<ApiContext, 'limits'>,
  { addressRequestsPerMinute }: Pick<Gate, 'addressRequestsPerMinute'>,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  await limits.take(response, {
    window: 'address',
    key: networkOf(request.ip),
    points: addressRequestsPerMinute,
  });
}

/** What the principal's requests count against; those of visitors were counted by address. */
function quotaOf(principal: Principal, { operatorRequestsPerMinute }: Gate): Quota | undefined {
  switch (principal.kind) {
    case 'operator':
      return { window: 'requests', key: 'operator', points: operatorRequestsPerMinute };
    case 'key':
      return {
        window: 'requests',
        key: principal.keyId,
        points: principal.application.limits.requestsPerMinute,
      };
    case 'session': {
      const { limits, applicationId } = principal.application;
      const key = JSON.stringify([applicationId, principal.claims.identity.userId]);

      return hasRight(principal, 'admin')
        ? { window: 'requests', key, points: limits.requestsPerMinute }
        : { window: 'userRequests', key, points: limits.userRequestsPerMinute };
    }
    default:
      return undefined;
  }
}

/** What is said of an id in the path that cannot exist. */
function missingCode(parameter: string): 'room_not_found' | 'call_not_found' | 'not_found' {
  switch (parameter) {
    case 'roomId':
      return 'room_not_found';
    case 'callId':
      return 'call_not_found';
    default:
      return 'not_found';
  }
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ProtocolError(
      'invalid_request',
      'The Idempotency-Key must be 1 to 255 visible ASCII characters.',
    );
  }

  return key;
}
