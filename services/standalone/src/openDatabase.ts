import { join } from 'node:path';
import { applyMigrations, createDatabase, type Database } from '@parley/db';
import { chooseDataDir, startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import type { Environment } from './environment.ts';

export interface OpenDatabase {
  readonly database: Database;
  /** Holds the password. */
  readonly url: string;
  /** Of the embedded server. */
  readonly dataDir: string | undefined;
  close(): Promise<void>;
}

interface OpenDatabaseOptions {
  environment: Environment;
  stateDir: string;
  notice: (line: string) => void;
}

/** Opens the server that DATABASE_URL names, or starts the embedded one; migrates either. */
export async function openDatabase({
  environment: { DATABASE_URL, PARLEY_DATABASE_CONNECTIONS, PARLEY_DATA_DIR },
  stateDir,
  notice,
}: OpenDatabaseOptions): Promise<OpenDatabase> {
  await using undo = new AsyncDisposableStack();

  const { url, dataDir } =
    DATABASE_URL === undefined ? await startEmbedded() : { url: DATABASE_URL, dataDir: undefined };
  await applyMigrations(url);
  const database = createDatabase(url, { connections: PARLEY_DATABASE_CONNECTIONS });
  undo.defer(() => database.$disconnect());
  const owned = undo.move();

  return { database, url, dataDir, close: () => owned.disposeAsync() };

  async function startEmbedded(): Promise<{ url: string; dataDir: string }> {
    const place = PARLEY_DATA_DIR ?? (await chooseDataDir(join(stateDir, 'data')));
    const postgres = await startEmbeddedPostgres({
      binaries: await locatePostgres(),
      dataDir: place,
      notice,
    });
    undo.defer(() => postgres.stop());

    return { url: postgres.url, dataDir: place };
  }
}
