import { signSessionToken, type IssuedToken, type SessionGrant } from '@parley/tokens';
import type { ApiContext } from '../context.ts';

/** What issuing a token needs. */
export type Signer = Pick<ApiContext, 'publicUrl' | 'signingKeys' | 'clock'>;

/** Signs a session token in the service's name, issued now or at the moment that is on record. */
export function signSession(
  signer: Signer,
  grant: SessionGrant,
  issuedAtMs: number = signer.clock.now(),
): Promise<IssuedToken> {
  return signSessionToken(grant, {
    issuer: signer.publicUrl,
    key: signer.signingKeys.current,
    nowMs: issuedAtMs,
  });
}
