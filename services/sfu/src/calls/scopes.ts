import { ProtocolError, type Scope } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';

/** Each of these lets a device answer a call; one that has none of them does not ring either. */
export const answeringScopes = ['calls', 'calls.join'] as const satisfies readonly Scope[];

export function hasScope(endpoint: CallEndpoint, anyOf: readonly Scope[]): boolean {
  return anyOf.some((scope) => endpoint.scopes.includes(scope));
}

/** Throws `forbidden` when the token has none of the scopes. */
export function requireScope(endpoint: CallEndpoint, anyOf: readonly Scope[]): void {
  if (!hasScope(endpoint, anyOf)) {
    throw new ProtocolError('forbidden', 'The token does not allow that.');
  }
}
