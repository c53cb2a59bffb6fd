import { randomBytes } from 'node:crypto';
import { createDatabase, type Database } from '@parley/db';
import { inject } from 'vitest';
import { runOnServer, templateDatabase, testPatienceMs, urlOfDatabase } from './testDatabaseServer.ts';

/** A database of one test file, on the run's own PostgreSQL server. */
export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Ends the connections and removes the database. */
  readonly drop: () => Promise<void>;
}

/**
 * Makes a database nobody else uses: migrated, or wholly empty with `{ migrated: false }`. For integration
 * tests, whose global set-up started the server.
 */
export async function createTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = options.migrated === false ? 'template1' : templateDatabase;
  await runOnServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = urlOfDatabase(serverUrl, name);
  const database = createDatabase(url, { patienceMs: testPatienceMs });

  return {
    url,
    database,
    drop: async () => {
      await database.$disconnect();
      await runOnServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
