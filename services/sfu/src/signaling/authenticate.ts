import type { Admission, ApplicationRecord } from '@parley/backplane';
import type { Clock } from '@parley/kit';
import {
  connectAuthSchema,
  isCompatibleVersion,
  isOriginAllowed,
  ProtocolError,
  protocolVersion,
} from '@parley/protocol';
import type { SessionClaims, SessionVerifier } from '@parley/tokens';
import type { Logger } from 'pino';

/** Whose connection it is going to be. */
export interface Authenticated {
  readonly claims: SessionClaims;
  readonly application: ApplicationRecord;
  /** The same on all connections of one client. */
  readonly clientId: string;
}

export interface AuthenticateOptions {
  readonly admission: Admission;
  readonly verify: SessionVerifier;
  readonly publicUrl: string;
  /** Whether one of the tokens was made for a place that is kept for the user. */
  readonly keepsPlace: (owner: SessionClaims, resumeTokens: readonly string[]) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Whether and as whom a client may connect. Throws a coded error: `invalid_request`, `protocol_mismatch`,
 * `unauthenticated`, `token_expired`, `token_revoked`, `forbidden` (the page's origin) or `unavailable`. A token that
 * has run out is good enough for somebody whose place is kept.
 */
export async function authenticate(
  handshake: { readonly auth: unknown; readonly origin: string | undefined },
  { admission, verify, publicUrl, keepsPlace, clock, logger }: AuthenticateOptions,
): Promise<Authenticated> {
  const auth = connectAuthSchema.safeParse(handshake.auth);
  if (!auth.success) {
    throw new ProtocolError(
      'invalid_request',
      'The connection needs a token, a protocol version and the id of the client.',
    );
  }
  if (!isCompatibleVersion(auth.data.protocolVersion)) {
    throw new ProtocolError('protocol_mismatch', `The server speaks version ${protocolVersion}.`);
  }
  const { token, clientId, resumeTokens = [] } = auth.data;
  const claims = await readToken(token, { admission, verify, expiredToo: resumeTokens.length > 0 });
  const application = await admission.application(claims.applicationId);
  const hasExpired = claims.expiresAtMs <= clock.now();
  // A device has no more places than calls; whatever else it names is looked for nowhere.
  const places = hasExpired ? resumeTokens.slice(0, application?.limits.callsPerDevice ?? 0) : [];
  if (hasExpired && !keepsPlace(claims, places)) {
    throw new ProtocolError('token_expired');
  }
  if (application === undefined) {
    throw new ProtocolError('unauthenticated', 'The application of the token is not known here.');
  }
  const { origin } = handshake;
  // Only browsers send an origin, and they cannot be made to leave it out: a client without one is no page.
  if (
    origin !== undefined &&
    !isOriginAllowed(origin, [new URL(publicUrl).origin, ...application.allowedOrigins])
  ) {
    const { applicationId } = claims;
    logger.info({ origin, applicationId }, 'origin refused');
    throw new ProtocolError(
      'forbidden',
      `Pages of ${origin} may not connect: it is not among the allowedOrigins of the application.`,
    );
  }

  return { claims, application, clientId };
}

/** Who the token is for. Throws `unauthenticated`, `token_expired`, `token_revoked` or `unavailable`. */
export async function readToken(
  token: string,
  {
    admission,
    verify,
    expiredToo = false,
  }: Pick<AuthenticateOptions, 'admission' | 'verify'> & { readonly expiredToo?: boolean },
): Promise<SessionClaims> {
  const claims = await verify(token, { expiredToo });
  requireUnrevoked(claims, admission);

  return claims;
}

/** Whether a revocation voids the token; undefined while no complete list has arrived. */
export function isRevoked(claims: SessionClaims, admission: Admission): boolean | undefined {
  const { applicationId, identity, grantId, issuedAtMs } = claims;

  return admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
}

/** Throws `token_revoked`, or `unavailable` while nobody can know. */
function requireUnrevoked(claims: SessionClaims, admission: Admission): void {
  const revoked = isRevoked(claims, admission);
  if (revoked === undefined) {
    throw new ProtocolError('unavailable', 'The list of revoked tokens has not arrived yet.');
  }
  if (revoked) {
    throw new ProtocolError('token_revoked');
  }
}
