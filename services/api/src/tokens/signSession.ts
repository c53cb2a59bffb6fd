import { signSessionToken, type IssuedToken, type SessionGrant } from '@parley/tokens';
import type { TokenGrant } from '../metrics/ApiMetrics.ts';
import type { ApiContext } from '../context.ts';

/** What issuing a token needs. */
export type Signer = Pick<ApiContext, 'publicUrl' | 'signingKeys' | 'clock' | 'metrics'>;

/** Signs a session token in the service's name, issued now or at the moment that is on record. */
export function signSession(
  signer: Signer,
  session: SessionGrant,
  grant: TokenGrant,
  issuedAtMs: number = signer.clock.now(),
): Promise<IssuedToken> {
  signer.metrics.tokenIssued(grant);

  return signSessionToken(session, {
    issuer: signer.publicUrl,
    key: signer.signingKeys.current,
    nowMs: issuedAtMs,
  });
}
