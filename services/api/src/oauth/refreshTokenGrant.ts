import OAuth2Server from '@node-oauth/oauth2-server';
import type { TokenResponse } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { lockUserIfAny } from '../users/lockUser.ts';
import type { Grant } from './Grant.ts';
import { issueTokens } from './issueTokens.ts';
import {
  endRefreshGrant,
  lockRefreshToken,
  useRefreshToken,
  type FoundRefreshToken,
} from './refreshGrants.ts';
import { grantScope, offeredTo, sessionScopesOf } from './scopes.ts';

/**
 * The grant of who brings a refresh token, which is used up by it. One that was used up before is in two hands, and
 * nobody can say whose are the right ones: the sign-in ends for both (RFC 9700, section 4.14.2).
 */
export function refreshTokenGrant(context: ApiContext, found: FoundRefreshToken): Grant {
  return {
    async issue(requested) {
      const tokens = await rotate(context, found, requested);
      if (tokens === 'used') {
        const { applicationId, userId, id: grantId } = found.grant;
        await endRefreshGrant(context, found.grant);
        context.logger.warn(
          { applicationId, userId, grantId },
          'used refresh token came back, sign-in ended',
        );
        throw invalidGrant();
      }

      return tokens;
    },
  };
}

async function rotate(
  context: ApiContext,
  found: FoundRefreshToken,
  requested: readonly string[],
): Promise<TokenResponse | 'used'> {
  const { applicationId, userId, clientId } = found.grant;

  return context.transactions.run(applicationId, async (transaction) => {
    // The user first, as with everybody who ends a user's sign-ins: locks taken in one order never meet.
    const user = await lockUserIfAny(transaction, { applicationId, userId }, 'read');
    const token = await lockRefreshToken(transaction, found);
    if (user === undefined || token === undefined || isOver(token.grant, context.clock.now())) {
      throw invalidGrant();
    }
    if (token.usedAt !== null) {
      return 'used';
    }
    const granted = sessionScopesOf(token.grant.scope.split(' '));
    const scope = grantScope(
      requested,
      // Who was an administrator at the sign-in may be none any more.
      granted.filter((word) => offeredTo(user).includes(word)),
    );
    const refreshToken = await useRefreshToken(transaction, context.clock, token);
    const tokens = await issueTokens(context, {
      grant: 'refresh_token',
      clientId,
      user,
      kind: 'user',
      scope,
      grantId: token.grantId,
    });

    return { ...tokens, refresh_token: refreshToken };
  });
}

function isOver({ revokedAt, expiresAt }: FoundRefreshToken['grant'], nowMs: number): boolean {
  return revokedAt !== null || expiresAt.getTime() <= nowMs;
}

function invalidGrant(): Error {
  return new OAuth2Server.InvalidGrantError('Invalid grant: refresh token is invalid');
}
