import type { Database, Transaction } from '@parley/db';

/** A request that comes while somebody else is changing a user. */
export interface Contest<Answer> {
  readonly applicationId: string;
  readonly userId: string;
  readonly request: () => PromiseLike<Answer>;
  /** How many connections of the request will wait for the row; one by default. */
  readonly waiting?: number;
  /** What is done to the user once the request waits. */
  readonly change: (transaction: Transaction) => Promise<unknown>;
}

/**
 * Holds a user's row, sends the request, and makes the change when the request waits for the row. Answers what the
 * request got; throws when it was answered without waiting.
 */
export async function whileUserIsHeld<Answer>(
  database: Database,
  { applicationId, userId, request, change, waiting = 1 }: Contest<Answer>,
): Promise<Answer> {
  const { answer } = await database.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`
        SELECT 1 FROM "User" WHERE "applicationId" = ${applicationId} AND "id" = ${userId} FOR NO KEY UPDATE`;
      let isAnswered = false;
      const asked = Promise.resolve(request()).finally(() => (isAnswered = true));
      while ((await countWaiting(database)) < waiting) {
        if (isAnswered) {
          throw new Error('The request was answered while the user was being changed.');
        }
      }
      await change(transaction);

      // In an object: the transaction must end before the request can be answered.
      return { answer: asked };
    },
    { timeout: 20_000 },
  );

  return answer;
}

async function countWaiting(database: Database): Promise<number> {
  const waiting = await database.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

  return waiting.length;
}
