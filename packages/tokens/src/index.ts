export type { SessionClaims } from './claims.ts';
export { generateSigningJwk, loadSigningKey, type SigningKey } from './keys.ts';
export {
  signIdToken,
  signSessionToken,
  type IdTokenGrant,
  type IssuedToken,
  type SessionGrant,
} from './sign.ts';
export { createSessionVerifier, type SessionVerifier, type VerifyOptions } from './verify.ts';
