import OAuth2Server from '@node-oauth/oauth2-server';
import type { User } from '@parley/db';
import { sessionScopes, type SessionScope } from '@parley/protocol';

/** OpenID Connect's: asks for the id token. */
export const openid = 'openid';

/**
 * The scope to grant when `requested` was asked for and `offered` may be given. Who names none of the session scopes
 * gets all that is offered, who names some gets no other ones; words that nobody knows are passed over.
 */
export function grantScope(requested: readonly string[], offered: readonly SessionScope[]): string[] {
  const isNarrowed = sessionScopes.some((scope) => requested.includes(scope));
  const granted = isNarrowed ? offered.filter((scope) => requested.includes(scope)) : offered;
  if (granted.length === 0) {
    throw new OAuth2Server.InvalidScopeError('Invalid scope: nothing of it may be granted');
  }

  return requested.includes(openid) ? [openid, ...granted] : [...granted];
}

/** What a user may be given. */
export function offeredTo({ isAdmin }: Pick<User, 'isAdmin'>): SessionScope[] {
  return isAdmin ? ['calls', 'admin'] : ['calls'];
}

/** The part of a granted scope that a session token carries. */
export function sessionScopesOf(scope: readonly string[]): SessionScope[] {
  return sessionScopes.filter((known) => scope.includes(known));
}
