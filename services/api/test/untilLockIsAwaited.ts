import type { Database } from '@parley/db';

/** Resolves when a statement in this database waits for a row that a transaction under way holds. */
export async function untilLockIsAwaited(database: Database): Promise<void> {
  const [row] = await database.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  if (row?.count === 0n) {
    await untilLockIsAwaited(database);
  }
}
