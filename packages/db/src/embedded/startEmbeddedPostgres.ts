import { createServer } from 'node:net';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { openCluster, roleName, type Cluster } from './cluster.ts';
import { canEnter, ensureDatabaseUser } from './databaseUser.ts';
import { prepareDataDir } from './dataDirectory.ts';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';
import type { FileLock } from './FileLock.ts';
import { endLeftovers } from './leftovers.ts';
import { lockDataDir } from './lockDataDir.ts';
import { PortTakenError, Postmaster, type PostmasterOptions } from './Postmaster.ts';

const databaseName = 'parley';
const portAttempts = 5;

export interface EmbeddedPostgresOptions {
  /** A directory with PostgreSQL's `bin`, `lib` and `share`. */
  binaries: string;
  /** Holds the cluster, its password and a lock; made when missing. */
  dataDir: string;
  /** On 127.0.0.1; a free one unless given. */
  port?: number;
  /** Told, one line each, what a killed run left behind and was cleared. */
  notice?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Of the database `parley`, as its superuser; carries the password, so it never goes to a log. */
  readonly url: string;
  /** Ends the connections, the server and the hold on the data directory; idempotent. */
  stop(): Promise<void>;
}

/**
 * Runs a real PostgreSQL of our own, reachable from this machine alone.
 *
 * @throws EmbeddedPostgresError with one sentence when the data directory is out of reach, full, in use or of
 *   another major version, or the port is taken. Nothing is left running then.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { notice = () => {} } = options;
  const binaries = resolve(options.binaries);
  const dataDir = resolve(options.dataDir);
  const user = await ensureDatabaseUser();
  if (!(await canEnter(binaries, user))) {
    throw new EmbeddedPostgresError(
      `The user ${user?.name ?? 'running Parley'} cannot reach PostgreSQL's programs in ${binaries}; run npm run setup, with PARLEY_CACHE_DIR naming a place that user can enter.`,
    );
  }
  await prepareDataDir(dataDir, user);

  const lock = await lockDataDir(dataDir);
  let postmaster: Postmaster | undefined;
  try {
    const cluster = await openCluster({ binaries, dataDir, user });
    await endLeftovers(cluster.directory, notice);
    const started = await startOnPort({ binaries, cluster: cluster.directory, user }, options.port);
    postmaster = started.postmaster;
    const url = await ensureDatabase(cluster, started.port);

    return { url, stop: stopOnce(postmaster, lock) };
  } catch (error) {
    await postmaster?.stop();
    await lock.release();
    throw error;
  }
}

function stopOnce(postmaster: Postmaster, lock: FileLock): () => Promise<void> {
  let stopped: Promise<void> | undefined;

  return () => {
    stopped ??= postmaster.stop().then(() => lock.release());

    return stopped;
  };
}

async function startOnPort(
  options: Omit<PostmasterOptions, 'port'>,
  wanted: number | undefined,
): Promise<{ postmaster: Postmaster; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await findFreePort());
    try {
      return { postmaster: await Postmaster.start({ ...options, port }), port };
    } catch (error) {
      // Between finding a free port and PostgreSQL's bind somebody else may take it.
      if (!(error instanceof PortTakenError) || wanted !== undefined || attempt === portAttempts) {
        throw error;
      }
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new EmbeddedPostgresError('No port is free on 127.0.0.1 for PostgreSQL.');
  }

  return address.port;
}

/** Makes the database at first use; a query answered is also the proof that the server accepts. */
async function ensureDatabase(cluster: Cluster, port: number): Promise<string> {
  const urlOf = (database: string): string =>
    `postgresql://${roleName}:${cluster.password}@127.0.0.1:${port}/${database}`;
  const client = new Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${databaseName}`);
    }
  } finally {
    await client.end();
  }

  return urlOf(databaseName);
}
