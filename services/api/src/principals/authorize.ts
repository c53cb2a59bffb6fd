import type { ApplicationRecord } from '@parley/backplane';
import { ProtocolError, type KeyRight } from '@parley/protocol';
import type { Access } from '@parley/protocol/rest';
import { hasRight, type Principal } from './Principal.ts';

/**
 * Whether the principal may ask for an operation of that access; throws `unauthenticated`, `forbidden`, or
 * `not_found` for an application in the path that is another one's. Answers the application that the operation is
 * about, as far as the principal tells it.
 */
export function authorize(
  principal: Principal,
  access: Access,
  pathApplicationId: string | undefined,
): ApplicationRecord | undefined {
  if (access === 'public') {
    return undefined;
  }
  if (principal.kind === 'visitor') {
    throw new ProtocolError('unauthenticated', 'Send a credential: Authorization: Bearer …');
  }
  if (principal.kind === 'operator') {
    if (access !== 'operator' && access !== 'owner') {
      throw new ProtocolError(
        'forbidden',
        'The operator key opens applications and signing keys only; use a key of the application.',
      );
    }

    return undefined;
  }
  if (pathApplicationId !== undefined && pathApplicationId !== principal.application.applicationId) {
    throw new ProtocolError('not_found', 'There is no such application.');
  }
  switch (access) {
    case 'operator':
      throw new ProtocolError('forbidden', 'This is for the operator.');
    case 'user':
      requireUser(principal);
      break;
    default:
      requireRight(principal, access === 'owner' ? 'admin' : access);
  }

  return principal.application;
}

function requireUser(principal: Exclude<Principal, { kind: 'visitor' | 'operator' }>): void {
  if (principal.kind === 'key') {
    throw new ProtocolError('forbidden', "This is asked with a user's own session token.");
  }
  if (principal.claims.identity.kind !== 'user') {
    throw new ProtocolError('forbidden', 'Anonymous users and guests may not ask for this.');
  }
}

function requireRight(principal: Principal, right: KeyRight): void {
  if (!hasRight(principal, right)) {
    throw new ProtocolError('forbidden', `The credential lacks the right "${right}".`);
  }
}
