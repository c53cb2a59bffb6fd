import type { Database } from './database.ts';
import { readMigrations } from './migrations.ts';
import { pendingMigrations } from './pendingMigrations.ts';

/**
 * Makes a function that says whether the database has had every migration of this checkout; it rejects when the
 * database does not answer. The folder is read once: what a process was started with does not change.
 */
export function createMigrationCheck(database: Database): () => Promise<boolean> {
  let names: Promise<string[]> | undefined;

  return async () => {
    names ??= readMigrations().then((migrations) => migrations.map(({ name }) => name));
    const pending = await pendingMigrations(await names, (sql) => database.$queryRawUnsafe<unknown[]>(sql));

    return pending.length === 0;
  };
}
