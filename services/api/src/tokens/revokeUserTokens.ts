import { ProtocolError } from '@parley/protocol';
import type { ApiContext } from '../context.ts';
import { revokeTokens } from './revokeTokens.ts';

/** Voids every session token of a user, also on connections that are open. */
export async function revokeUserTokens(
  { database, admission, clock }: Pick<ApiContext, 'database' | 'admission' | 'clock'>,
  applicationId: string,
  userId: string,
): Promise<void> {
  await database.$transaction(async (transaction) => {
    const key = { applicationId_id: { applicationId, id: userId } };
    if ((await transaction.user.findUnique({ where: key })) === null) {
      throw new ProtocolError('not_found', 'There is no such user.');
    }
    await admission.putRevocation(await revokeTokens(transaction, clock, { applicationId, userId }));
  });
}
