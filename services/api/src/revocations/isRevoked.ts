import type { Backplane } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';

/** Whether a revocation voids the token; throws `unavailable` while no complete list of them has arrived. */
export function isRevoked(
  { admission }: Pick<Backplane, 'admission'>,
  { applicationId, identity, grantId, issuedAtMs }: SessionClaims,
): boolean {
  const found = admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
  if (found === undefined) {
    throw new ProtocolError('unavailable', 'The list of revoked tokens has not arrived yet.', {
      retryAfterSeconds: 1,
    });
  }

  return found;
}
