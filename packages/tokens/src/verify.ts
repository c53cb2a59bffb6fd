import { ProtocolError } from '@parley/protocol';
import { createLocalJWKSet, errors, jwtVerify, type JWK } from 'jose';
import { parseScopes, sessionPayloadSchema, type SessionClaims } from './claims.ts';
import { signingAlgorithm } from './keys.ts';

/** Verifies session tokens of one issuer against a set of public keys. */
export type SessionVerifier = (token: string) => Promise<SessionClaims>;

/**
 * Makes a verifier. It throws `ProtocolError` with `token_expired` or `unauthenticated`; whether the token
 * was revoked is the caller's question, since only the caller has the list.
 */
export function createSessionVerifier(options: {
  issuer: string;
  /** Asked on each verification, so a rotated key needs no restart. */
  publicKeys: () => Promise<readonly JWK[]>;
}): SessionVerifier {
  return async (token) => {
    const keys = createLocalJWKSet({ keys: [...(await options.publicKeys())] });
    const payload = await verified(token, keys, options.issuer);
    const parsed = sessionPayloadSchema.safeParse(payload);
    if (!parsed.success) {
      throw new ProtocolError('unauthenticated', 'The token is not a session token.');
    }
    const claims = parsed.data;

    return {
      tokenId: claims.jti,
      grantId: claims.grant_id,
      applicationId: claims.aud,
      identity: { userId: claims.sub, displayName: claims.name, kind: claims.kind },
      scopes: parseScopes(claims.scope),
      ...(claims.room === undefined || claims.role === undefined
        ? {}
        : { guestOf: { roomId: claims.room, role: claims.role } }),
      issuedAtMs: claims.iat_ms,
      expiresAtMs: claims.exp * 1000,
    };
  };
}

async function verified(token: string, keys: ReturnType<typeof createLocalJWKSet>, issuer: string) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      typ: 'at+jwt',
      algorithms: [signingAlgorithm],
      requiredClaims: ['exp', 'iat', 'sub', 'aud', 'jti'],
    });

    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new ProtocolError('token_expired', undefined, { cause: error });
    }
    throw new ProtocolError('unauthenticated', 'The token is not valid here.', { cause: error });
  }
}
