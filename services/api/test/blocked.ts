import type { Database } from '@parley/db';
import { vi } from 'vitest';

/** Waits until that many queries of the test's own database wait for a lock. */
export async function blocked(database: Database, queries: number): Promise<void> {
  await vi.waitFor(async () => {
    const [row] = await database.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS "count" FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (row?.count !== queries) {
      throw new Error(`${row?.count} queries wait for a lock, not ${queries}.`);
    }
  }, 5_000);
}
