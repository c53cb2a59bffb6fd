import OAuth2Server from '@node-oauth/oauth2-server';
import type { ApiContext } from '../context.ts';
import { randomId } from '../security/ids.ts';
import type { OAuthClient } from './admitClient.ts';
import type { Grant } from './Grant.ts';
import { issueTokens, sessionSeconds } from './issueTokens.ts';
import { grantScope, openid } from './scopes.ts';

/**
 * The grant of a client for an anonymous user of its own making, who may call the application's anonymous
 * destinations and nobody else. The user goes a day after the token has expired.
 */
export function anonymousGrant(context: ApiContext, { application, clientId, rights }: OAuthClient): Grant {
  if (!rights.includes('anonymous') && !rights.includes('admin')) {
    throw new OAuth2Server.UnauthorizedClientError('The key lacks the right "anonymous".');
  }

  return {
    async issue(requested) {
      // Always with an id token: there is no other place to read the fresh user's id from.
      const scope = grantScope([openid, ...requested], ['calls']);
      // Before the user is recorded: who deletes the application waits for the record, and voids with what follows
      // every token that was issued until then.
      const issuedAtMs = context.clock.now();
      const user = await context.database.user.create({
        data: {
          applicationId: application.applicationId,
          id: `anonymous-${randomId(16)}`,
          kind: 'anonymous',
          displayName: 'Anonymous',
          createdAt: new Date(issuedAtMs),
          tokensExpireAt: new Date(issuedAtMs + sessionSeconds * 1000),
        },
      });

      return issueTokens(context, {
        clientId,
        grant: 'client_credentials',
        user,
        kind: 'anonymous',
        scope,
        issuedAtMs,
      });
    },
  };
}
