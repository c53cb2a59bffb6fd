import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { Pool } from 'pg';
import { connect } from './connection.ts';
import { pendingMigrations, type Query } from './pendingMigrations.ts';
import { readMigrationList, readMigrations } from './migrations.ts';
import { requireTableRight } from './requireTableRight.ts';
import { everything, withSchemaEngine } from './schemaEngine.ts';

/** Any number will do that nobody else takes; Prisma's own lock is 72707369. */
const lockKey = 0x7061_726c;

/**
 * Brings the database to the newest migration and returns the names of those it applied.
 *
 * Two starts at once take turns, by an advisory lock of a session of its own. An up-to-date database is found
 * so without loading the engine. Throws `DatabaseConnectionError` when the database cannot be used.
 */
export async function applyMigrations(url: string): Promise<string[]> {
  const session = await connect(url);
  try {
    await session.query('SELECT pg_advisory_lock($1)', [lockKey]);
    const names = (await readMigrations()).map(({ name }) => name);
    const query: Query = (sql) => session.query(sql).then(({ rows }) => rows);
    const pending = await pendingMigrations(names, query);
    if (pending.length === 0) {
      return [];
    }
    await requireTableRight(query);

    return await migrate(url);
  } finally {
    // Ending the session gives the lock back.
    await session.end();
  }
}

async function migrate(url: string): Promise<string[]> {
  // One connection: the adapter sends a script statement by statement, and they belong to one session. Ended at
  // the end, because the engine's own lock lasts as long as that session.
  const pool = new Pool({ connectionString: url, max: 1 });
  const adapters = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  try {
    return await withSchemaEngine(adapters, async (engine) => {
      const input = { migrationsList: await readMigrationList(), filters: everything };

      return (await engine.applyMigrations(input)).appliedMigrationNames;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(`The database could not be migrated: ${reason}`, { cause: error });
  } finally {
    await pool.end();
  }
}
