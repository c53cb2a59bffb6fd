import type { GuestLink, Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import { invalidLink } from './findGuestLink.ts';

/**
 * Counts one use, in one statement, so that two visitors at the same moment do not both take the last one. The link
 * stays locked until the transaction ends: who revokes it waits for the token that is being made.
 */
export async function countLinkUse(database: Transaction, link: GuestLink, nowMs: number): Promise<void> {
  const { id, maxUses, expiresAt } = link;
  if (expiresAt.getTime() <= nowMs) {
    throw new ProtocolError('forbidden', 'This link has expired.');
  }
  const { count } = await database.guestLink.updateMany({
    where: { id, ...(maxUses === null ? {} : { uses: { lt: maxUses } }) },
    data: { uses: { increment: 1 } },
  });
  if (count === 0) {
    throw (await database.guestLink.count({ where: { id } })) === 0
      ? invalidLink()
      : new ProtocolError('forbidden', 'This link has been used as often as it may be.');
  }
}
