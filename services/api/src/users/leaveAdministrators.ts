import { ProtocolError } from '@parley/protocol';
import { hasRight, type Principal } from '../principals/Principal.ts';

/**
 * Throws `forbidden` when it is about an administrator and the principal has not the right `admin`: who could make one
 * sign in, or become one, would have the right by it.
 */
export function leaveAdministrators(principal: Principal, isAdmin: boolean): void {
  if (isAdmin && !hasRight(principal, 'admin')) {
    throw new ProtocolError('forbidden', 'Administrators are managed with the right "admin".');
  }
}
