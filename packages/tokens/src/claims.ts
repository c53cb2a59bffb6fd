import {
  displayNameSchema,
  roles,
  sessionScopes,
  type Identity,
  type Role,
  type SessionScope,
} from '@parley/protocol';
import * as z from 'zod/mini';

/**
 * The payload of a session token. RFC 7519 names where it has one; `scope` is RFC 8693's space-separated
 * list. Checked again on every verification, so a token of another make never gets further.
 */
export const sessionPayloadSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  jti: z.string(),
  /** What the token came from: revoking that voids it. */
  grant_id: z.string(),
  iat: z.number(),
  exp: z.number(),
  /** Milliseconds of the issue: `iat` counts whole seconds, too coarse to tell apart what a revocation voids. */
  iat_ms: z.number(),
  scope: z.string(),
  name: displayNameSchema,
  kind: z.enum(['user', 'guest', 'anonymous']),
  /** A guest's only room, and the role there. */
  room: z.optional(z.string()),
  role: z.optional(z.enum(roles)),
});

/** Who the bearer is and what the token lets them do. */
export interface SessionClaims {
  readonly tokenId: string;
  /** What the token came from: a sign-in, an access token, a guest link; by itself, its own id. */
  readonly grantId: string;
  readonly applicationId: string;
  readonly identity: Identity;
  readonly scopes: readonly SessionScope[];
  /** Set for guests: the one room the token admits to. */
  readonly guestOf?: { readonly roomId: string; readonly role: Role };
  /** Milliseconds since the Unix epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

export function parseScopes(scope: string): SessionScope[] {
  const words = new Set(scope.split(' '));

  return sessionScopes.filter((known) => words.has(known));
}
