import type { Transaction, User } from '@parley/db';

/**
 * Reads a user for as long as the transaction lasts: whoever changes or deletes them, or revokes their tokens,
 * waits for its end. So a token is either issued before that and void by it, or not issued any more.
 */
export async function holdUser(
  transaction: Transaction,
  { applicationId, userId }: { applicationId: string; userId: string },
): Promise<User | undefined> {
  await transaction.$executeRaw`
    SELECT 1 FROM "User" WHERE "applicationId" = ${applicationId} AND "id" = ${userId} FOR SHARE`;
  const user = await transaction.user.findUnique({
    where: { applicationId_id: { applicationId, id: userId } },
  });

  return user ?? undefined;
}
