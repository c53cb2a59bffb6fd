import { Prisma, type Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { UserWithNumbers } from '../admission/records.ts';
import { withNumbers } from './findUser.ts';

interface UserKey {
  readonly applicationId: string;
  readonly userId: string;
}

/**
 * PostgreSQL's row locks, by what the holder is about to do: `share` keeps the user from being deleted, `read` from
 * being changed too, `change` keeps other readers away besides, and `delete` everybody.
 */
const locks = {
  share: Prisma.sql`FOR KEY SHARE`,
  read: Prisma.sql`FOR SHARE`,
  change: Prisma.sql`FOR NO KEY UPDATE`,
  delete: Prisma.sql`FOR UPDATE`,
};

/** Holds the user's row until the transaction ends, and answers how it is then; `not_found` when there is none. */
export async function lockUser(
  transaction: Transaction,
  key: UserKey,
  purpose: keyof typeof locks,
): Promise<UserWithNumbers> {
  const user = await lockUserIfAny(transaction, key, purpose);
  if (user === undefined) {
    throw new ProtocolError('not_found', 'There is no such user.');
  }

  return user;
}

/** As `lockUser`; undefined when there is no such user. */
export async function lockUserIfAny(
  transaction: Transaction,
  { applicationId, userId }: UserKey,
  purpose: keyof typeof locks,
): Promise<UserWithNumbers | undefined> {
  await transaction.$queryRaw`
    SELECT 1 FROM "User" WHERE "applicationId" = ${applicationId} AND "id" = ${userId} ${locks[purpose]}`;
  // A statement of its own: the one that waited for the lock may show the row as it was before.
  const user = await transaction.user.findUnique({
    where: { applicationId_id: { applicationId, id: userId } },
    include: withNumbers,
  });

  return user ?? undefined;
}
