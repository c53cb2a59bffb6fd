import { Prisma, type Transaction } from '@parley/db';
import { inBatches } from './inBatches.ts';
import { dayMs, type Job } from './Job.ts';

interface UserKey {
  readonly applicationId: string;
  readonly id: string;
}

/**
 * Removes anonymous users and guests a day after the last of their tokens expired, and takes their names out of the
 * call records, as the deletion of any user does. Revocations stay for as long as they void something.
 */
export const removeAnonymousUsers: Job = ({ services: { database, clock }, signal }) =>
  inBatches(signal, (limit) =>
    database.$transaction((transaction) =>
      removeSome(transaction, { expiredBefore: new Date(clock.now() - dayMs), limit }),
    ),
  );

async function removeSome(
  transaction: Transaction,
  { expiredBefore, limit }: { expiredBefore: Date; limit: number },
): Promise<number> {
  const removed = await transaction.$queryRaw<UserKey[]>`
    WITH due AS MATERIALIZED (
      SELECT "applicationId", id FROM "User"
      WHERE kind IN ('anonymous', 'guest') AND "tokensExpireAt" <= ${expiredBefore}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    DELETE FROM "User" AS "user" USING due
    WHERE "user"."applicationId" = due."applicationId" AND "user".id = due.id
    RETURNING "user"."applicationId", "user".id`;
  if (removed.length === 0) {
    return 0;
  }
  // After the deletion: whoever was writing a record of the user held it up, and their row is seen now.
  const keys = removed.map(({ applicationId, id }) => Prisma.sql`(${applicationId}, ${id})`);
  await transaction.$executeRaw`
    UPDATE "ParticipantRecord" SET "userId" = NULL, "displayName" = NULL
    WHERE ("applicationId", "userId") IN (${Prisma.join(keys)})`;

  return removed.length;
}
