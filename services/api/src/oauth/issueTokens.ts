import { signIdToken } from '@parley/tokens';
import type { User } from '@parley/db';
import type { TokenResponse } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import type { TokenGrant } from '../metrics/ApiMetrics.ts';
import { signSession, type Signer } from '../tokens/signSession.ts';
import { openid, sessionScopesOf } from './scopes.ts';

/** How long the session token of a sign-in is valid. */
export const sessionSeconds = 24 * 60 * 60;

/** An administrator's opens the whole application, and soon has to be renewed. */
export const adminSessionSeconds = 60 * 60;

export interface TokensOf {
  readonly clientId: string;
  readonly grant: TokenGrant;
  readonly user: Pick<User, 'applicationId' | 'id' | 'displayName' | 'email'>;
  readonly kind: 'user' | 'anonymous';
  /** As it is granted. */
  readonly scope: readonly string[];
  /** Of a sign-in; its session tokens end with it. */
  readonly grantId?: string;
  /** When it is not now. */
  readonly issuedAtMs?: number;
}

/** Signs the session token, and the id token when the scope asks for it. */
export async function issueTokens(
  context: Signer & Pick<ApiContext, 'publicUrl'>,
  { clientId, grant, user, kind, scope, grantId, issuedAtMs = context.clock.now() }: TokensOf,
): Promise<TokenResponse> {
  const { id: userId, displayName, applicationId } = user;
  const scopes = sessionScopesOf(scope);
  const expiresInSeconds = scopes.includes('admin') ? adminSessionSeconds : sessionSeconds;
  const { token } = await signSession(
    context,
    {
      applicationId,
      identity: { userId, displayName, kind },
      scopes,
      expiresInSeconds,
      ...(grantId === undefined ? {} : { grantId }),
    },
    grant,
    issuedAtMs,
  );
  const idToken = scope.includes(openid)
    ? await signIdToken(
        { clientId, userId, displayName, email: user.email ?? undefined, expiresInSeconds },
        { issuer: context.publicUrl, key: context.signingKeys.current, nowMs: issuedAtMs },
      )
    : undefined;

  return {
    access_token: token,
    ...(idToken === undefined ? {} : { id_token: idToken }),
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    scope: scope.join(' '),
  };
}
