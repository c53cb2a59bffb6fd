import { ProtocolError } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { CallDependencies } from './callTypes.ts';

/**
 * Throws `unauthenticated` or `unavailable` for a connection that was ended, or whose token was revoked, since it asked. One
 * that was merely lost stands: its place is kept, and its client comes back to it.
 */
export function requireStanding(
  endpoint: CallEndpoint,
  { directory, backplane }: Pick<CallDependencies, 'directory' | 'backplane'>,
): void {
  const reason = directory.endOf(endpoint) ?? 'connection_lost';
  if (reason === 'unauthenticated' || backplane.admission.isRevoked(endpoint.token) === true) {
    throw new ProtocolError('unauthenticated');
  }
  if (reason !== 'connection_lost') {
    throw new ProtocolError('unavailable');
  }
}
