import type { Revocation } from '@parley/backplane';
import type { Transaction } from '@parley/db';
import type { Clock } from '@parley/kit';

/**
 * Voids every session token the user has by now. The moment set is the next millisecond: tokens carry theirs, and
 * one issued just before in this one is void as well. A later moment that is on record already stays.
 */
export async function revokeTokens(
  transaction: Transaction,
  clock: Clock,
  { applicationId, userId }: { applicationId: string; userId: string },
): Promise<Revocation> {
  const revokedBeforeMs = clock.now() + 1;
  await transaction.$executeRaw`
    INSERT INTO "Revocation" ("applicationId", "userId", "revokedBefore")
    VALUES (${applicationId}, ${userId}, ${new Date(revokedBeforeMs)})
    ON CONFLICT ("applicationId", "userId")
    DO UPDATE SET "revokedBefore" = GREATEST("Revocation"."revokedBefore", EXCLUDED."revokedBefore")`;

  return { applicationId, userId, revokedBeforeMs };
}
