import { ProtocolError } from '@parley/protocol';
import type { Principal } from './Principal.ts';

/** Whose token it is that an operation on one's own things was asked with. */
export function ownUserId(principal: Principal): string {
  if (principal.kind !== 'session') {
    throw new ProtocolError('forbidden', "This is asked with a user's own session token.");
  }

  return principal.claims.identity.userId;
}
