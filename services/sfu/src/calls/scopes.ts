import { ProtocolError, type Scope } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';

/** Each of these lets a device answer a call; one that has none of them does not ring either. */
const answeringScopes = ['calls', 'calls.join'] as const satisfies readonly Scope[];

/** Whether the device may be rung and answer. Guests and anonymous users cannot be called. */
function mayAnswer(endpoint: CallEndpoint): boolean {
  return endpoint.identity.kind === 'user' && hasScope(endpoint, answeringScopes);
}

/** Whether an incoming call is shown to the device now. */
export function mayRing(endpoint: CallEndpoint): boolean {
  return endpoint.isConnected && !endpoint.hasExpired && mayAnswer(endpoint);
}

/** Throws `token_expired` once the token has run out: what goes on goes on, and nothing is begun. */
export function requireUnexpired({ hasExpired }: CallEndpoint): void {
  if (hasExpired) {
    throw new ProtocolError('token_expired');
  }
}

/** Throws `forbidden` when the device may not ring others into a call that goes on. */
export function requireAdding(endpoint: CallEndpoint): void {
  if (endpoint.identity.kind !== 'user' || !hasScope(endpoint, ['calls'])) {
    throw new ProtocolError('forbidden', 'The token does not allow to add participants.');
  }
}

/** Throws `forbidden` when the device may not answer a call. */
export function requireAnswering(endpoint: CallEndpoint): void {
  if (!mayAnswer(endpoint)) {
    throw new ProtocolError('forbidden', 'The token does not allow to answer calls.');
  }
}

/** Throws `forbidden` when the device may not start a call. A guest has one room and nothing else. */
export function requireCalling(endpoint: CallEndpoint): void {
  if (endpoint.identity.kind === 'guest' || !hasScope(endpoint, ['calls'])) {
    throw new ProtocolError('forbidden', 'The token does not allow to start calls.');
  }
}

function hasScope(endpoint: CallEndpoint, anyOf: readonly Scope[]): boolean {
  return anyOf.some((scope) => endpoint.scopes.includes(scope));
}
