import type { Transaction } from '@parley/db';
import type { Publications } from '../admission/Publications.ts';
import type { ApiContext } from '../context.ts';
import { revoke } from '../revocations/revoke.ts';

/** Ends every sign-in of a user: the refresh tokens, and the session tokens they gave, on open connections too. */
export async function endSignIns(
  transaction: Transaction,
  { publish, clock }: Pick<ApiContext, 'clock'> & { publish: Publications },
  { applicationId, id: userId }: { applicationId: string; id: string },
): Promise<void> {
  const grants = await transaction.refreshGrant.updateManyAndReturn({
    where: { applicationId, userId, revokedAt: null },
    data: { revokedAt: new Date(clock.now()) },
    select: { id: true },
  });
  for (const { id: grantId } of grants) {
    await revoke(transaction, { publish, clock }, { applicationId, subject: { kind: 'grant', grantId } });
  }
}
