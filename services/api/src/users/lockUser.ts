import { Prisma, type Transaction } from '@parley/db';
import type { UserWithNumbers } from '../admission/records.ts';
import { findUser } from './findUser.ts';

/**
 * PostgreSQL's row locks, by what the holder is about to do: `share` keeps the user from being deleted, `change` other
 * changes away besides, and `delete` everybody.
 */
const locks = {
  share: Prisma.sql`FOR KEY SHARE`,
  change: Prisma.sql`FOR NO KEY UPDATE`,
  delete: Prisma.sql`FOR UPDATE`,
};

/** Holds the user's row until the transaction ends, and answers how it is then; `not_found` when there is none. */
export async function lockUser(
  transaction: Transaction,
  { applicationId, userId }: { applicationId: string; userId: string },
  purpose: keyof typeof locks,
): Promise<UserWithNumbers> {
  await transaction.$queryRaw`
    SELECT 1 FROM "User" WHERE "applicationId" = ${applicationId} AND "id" = ${userId} ${locks[purpose]}`;

  // A statement of its own: the one that waited for the lock may show the row as it was before.
  return findUser(transaction, applicationId, userId);
}
