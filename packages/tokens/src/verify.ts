import { ProtocolError } from '@parley/protocol';
import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify, type JWK, type JWTPayload } from 'jose';
import { parseScopes, sessionPayloadSchema, type SessionClaims } from './claims.ts';
import { signingAlgorithm } from './keys.ts';

export interface VerifyOptions {
  /** Answers also for a token that was good and has run out: `expiresAtMs` is in the past then. */
  readonly expiredToo?: boolean;
}

/** Verifies session tokens of one issuer against a set of public keys. */
export type SessionVerifier = (token: string, options?: VerifyOptions) => Promise<SessionClaims>;

type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * Makes a verifier. It throws `ProtocolError` with `token_expired` or `unauthenticated`; whether the token
 * was revoked is the caller's question, since only the caller has the list.
 */
export function createSessionVerifier(options: {
  issuer: string;
  /**
   * Asked on each verification, so a rotated key needs no restart; `kid` is the key that the token names, true or
   * not. An array that is answered again is not read again.
   */
  publicKeys: (kid: string | undefined) => Promise<readonly JWK[]>;
}): SessionVerifier {
  // Importing a key costs as much as verifying a signature; a set keeps those it has imported.
  const keySets = new WeakMap<readonly JWK[], KeySet>();
  const keySetOf = (keys: readonly JWK[]): KeySet => {
    const keySet = keySets.get(keys) ?? createLocalJWKSet({ keys: [...keys] });
    keySets.set(keys, keySet);

    return keySet;
  };

  return async (token, { expiredToo = false } = {}) => {
    const keys = keySetOf(await options.publicKeys(kidOf(token)));
    const payload = await verified(token, { keys, issuer: options.issuer, expiredToo });
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

/** The key a token says it was signed with; whatever is no token is refused later, with the others. */
function kidOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

async function verified(
  token: string,
  { keys, issuer, expiredToo }: { keys: KeySet; issuer: string; expiredToo: boolean },
): Promise<JWTPayload> {
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
      // Everything else about it has been checked by then: signature, issuer, and the claims that have to be there.
      if (expiredToo) {
        return error.payload;
      }
      throw new ProtocolError('token_expired', undefined, { cause: error });
    }
    throw new ProtocolError('unauthenticated', refusalOf(error), { cause: error });
  }
}

/** For whoever builds an application: what they have most likely done. */
function refusalOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') {
    return 'The token is of another issuer: it was made by another server, or before the public URL was changed.';
  }

  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid
    ? 'This is no session token: give its bare text, neither an API key nor JSON with the token in it.'
    : 'The token is not valid here.';
}
