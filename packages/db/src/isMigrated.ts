import type { Database } from './database.ts';
import { pendingMigrations } from './pendingMigrations.ts';

/** Whether the database answers and has had every migration; rejects when it does not answer. */
export async function isMigrated(database: Database): Promise<boolean> {
  return (await pendingMigrations((sql) => database.$queryRawUnsafe<unknown[]>(sql))).length === 0;
}
