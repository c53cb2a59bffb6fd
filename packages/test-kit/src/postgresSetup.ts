import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@parley/db';
import { startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import type { TestProject } from 'vitest/node';
import { templateDatabase, urlOfDatabase, runOnServer } from './testDatabaseServer.ts';

/**
 * Vitest's global set-up of the integration tests: one PostgreSQL server for the whole run, with the migrated
 * database that `createTestDatabase` copies. The returned function takes it down again.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-test-'));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  // The server runs as a user of its own when the tests run as root, and has to get to its data.
  await chmod(directory, 0o755);

  const server = await startEmbeddedPostgres({
    binaries: await locatePostgres(),
    dataDir: join(directory, 'data'),
  });
  undo.defer(() => server.stop());
  await runOnServer(server.url, `CREATE DATABASE ${templateDatabase}`);
  await applyMigrations(urlOfDatabase(server.url, templateDatabase));
  project.provide('postgresUrl', server.url);
  const owned = undo.move();

  return () => owned.disposeAsync();
}
