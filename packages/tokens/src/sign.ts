import { randomUUID } from 'node:crypto';
import type { Identity, Role, SessionScope } from '@parley/protocol';
import { SignJWT } from 'jose';
import { signingAlgorithm, type SigningKey } from './keys.ts';

export interface SessionGrant {
  applicationId: string;
  identity: Identity;
  scopes: readonly SessionScope[];
  /** What the token comes from, so that it ends with that; by default the token stands for itself. */
  grantId?: string;
  guestOf?: { roomId: string; role: Role };
  expiresInSeconds: number;
}

export interface IssuedToken {
  token: string;
  expiresAt: Date;
}

/** Signs a session token; `issuer` is the service's public URL, by which the SDK finds the server. */
export async function signSessionToken(
  grant: SessionGrant,
  options: { issuer: string; key: SigningKey; nowMs?: number },
): Promise<IssuedToken> {
  const nowMs = options.nowMs ?? Date.now();
  const issuedAt = Math.floor(nowMs / 1000);
  const expiresAt = issuedAt + grant.expiresInSeconds;

  const tokenId = randomUUID();

  const token = await new SignJWT({
    iat_ms: nowMs,
    grant_id: grant.grantId ?? tokenId,
    scope: grant.scopes.join(' '),
    name: grant.identity.displayName,
    kind: grant.identity.kind,
    ...(grant.guestOf === undefined ? {} : { room: grant.guestOf.roomId, role: grant.guestOf.role }),
  })
    .setProtectedHeader({ alg: signingAlgorithm, kid: options.key.kid, typ: 'at+jwt' })
    .setIssuer(options.issuer)
    .setAudience(grant.applicationId)
    .setSubject(grant.identity.userId)
    .setJti(tokenId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(options.key.privateKey);

  return { token, expiresAt: new Date(expiresAt * 1000) };
}

/** What an OpenID Connect id token says of the user. */
export interface IdTokenGrant {
  /** The public key (`pk_…`) the client signed in with: the token's audience. */
  clientId: string;
  userId: string;
  displayName: string;
  email: string | undefined;
  expiresInSeconds: number;
}

export async function signIdToken(
  grant: IdTokenGrant,
  options: { issuer: string; key: SigningKey; nowMs?: number },
): Promise<string> {
  const issuedAt = Math.floor((options.nowMs ?? Date.now()) / 1000);

  return new SignJWT({
    name: grant.displayName,
    preferred_username: grant.email ?? grant.userId,
    'services-identity': grant.userId,
    ...(grant.email === undefined ? {} : { email: grant.email }),
  })
    .setProtectedHeader({ alg: signingAlgorithm, kid: options.key.kid, typ: 'JWT' })
    .setIssuer(options.issuer)
    .setAudience(grant.clientId)
    .setSubject(grant.userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + grant.expiresInSeconds)
    .sign(options.key.privateKey);
}
