import { join } from 'node:path';
import { applyMigrations, createDatabase, type Database } from '@parley/db';
import { chooseDataDir, startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import type { Environment } from './environment.ts';

export interface OpenDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** Opens the server that DATABASE_URL names, or starts the embedded one; migrates either. */
export async function openDatabase(environment: Environment, stateDir: string): Promise<OpenDatabase> {
  const { DATABASE_URL, PARLEY_DATA_DIR } = environment;
  await using undo = new AsyncDisposableStack();

  const url = DATABASE_URL ?? (await startEmbedded());
  await applyMigrations(url);
  const database = createDatabase(url);
  undo.defer(() => database.$disconnect());
  const owned = undo.move();

  return { database, close: () => owned.disposeAsync() };

  async function startEmbedded(): Promise<string> {
    const dataDir = PARLEY_DATA_DIR ?? (await chooseDataDir(join(stateDir, 'data')));
    const postgres = await startEmbeddedPostgres({ binaries: await locatePostgres(), dataDir });
    undo.defer(() => postgres.stop());

    return postgres.url;
  }
}
