import type { IssuedToken, IssueToken } from '@parley/protocol/rest';
import { signSession, type Signer } from './signSession.ts';

/** Whom a token is for. */
export interface TokenUser {
  readonly applicationId: string;
  readonly id: string;
  readonly displayName: string;
}

/** Where a token comes from, when not from the backend just now. */
export interface TokenOrigin {
  readonly grantId?: string;
  readonly issuedAtMs?: number;
}

/** A session token of a provisioned user, as the API answers one. */
export async function signUserToken(
  signer: Signer,
  { applicationId, id, displayName }: TokenUser,
  { scopes, expiresInSeconds }: IssueToken,
  { grantId, issuedAtMs }: TokenOrigin = {},
): Promise<IssuedToken> {
  const { token, expiresAt } = await signSession(
    signer,
    {
      applicationId,
      identity: { userId: id, displayName, kind: 'user' },
      scopes,
      expiresInSeconds,
      ...(grantId === undefined ? {} : { grantId }),
    },
    grantId === undefined ? 'backend' : 'access_token',
    issuedAtMs,
  );

  return { token, expiresAt: expiresAt.toISOString() };
}
