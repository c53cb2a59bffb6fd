import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { identity, type DatabaseUser } from './databaseUser.ts';
import { requireSpace } from './dataDirectory.ts';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';
import { explainFailure } from './explainFailure.ts';

const run = promisify(execFile);

/** The superuser of the cluster. */
export const roleName = 'parley';

/** An initialised cluster and the superuser's password. */
export interface Cluster {
  directory: string;
  password: string;
}

export interface ClusterOptions {
  binaries: string;
  dataDir: string;
  user: DatabaseUser | undefined;
}

/** Opens the cluster in the data directory, making it first when there is none. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { binaries, dataDir } = options;
  const directory = join(dataDir, 'cluster');
  const passwordFile = join(dataDir, 'password');

  const dataVersion = await readVersion(directory);
  if (dataVersion === undefined) {
    await initialise(directory, passwordFile, options);
  } else {
    await requireSameMajor({ directory, dataVersion, binaries });
  }

  try {
    return { directory, password: (await readFile(passwordFile, 'utf8')).trim() };
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The password of the database in ${dataDir} cannot be read from ${passwordFile}; put the file back, or remove ${dataDir} to start with an empty database.`,
      { cause: error },
    );
  }
}

/**
 * Builds beside the final place and renames at the end, so that a run killed here leaves nothing that looks
 * like a database.
 */
async function initialise(directory: string, passwordFile: string, options: ClusterOptions): Promise<void> {
  const { binaries, dataDir, user } = options;
  await requireSpace(dataDir);
  const building = `${directory}.new`;
  await rm(building, { recursive: true, force: true });
  await writePassword(passwordFile, user);
  await makeOwned(building, user);

  const settings = [
    ['--pgdata', building],
    ['--username', roleName],
    ['--pwfile', passwordFile],
    ['--auth', 'scram-sha-256'],
    // PostgreSQL's own C.UTF-8: the same order and case rules whatever locales the machine has.
    ['--encoding', 'UTF8'],
    ['--locale', 'C'],
    ['--locale-provider', 'builtin'],
    ['--builtin-locale', 'C.UTF-8'],
  ].flat();
  try {
    await run(join(binaries, 'bin', 'initdb'), settings, {
      cwd: building,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      ...identity(user),
    });
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw new EmbeddedPostgresError(explainInitdb(error, options), { cause: error });
  }
  await rename(building, directory);
}

async function writePassword(file: string, user: DatabaseUser | undefined): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  if (user !== undefined) {
    // initdb reads it as that user.
    await chown(file, user.uid, user.gid);
  }
}

async function makeOwned(directory: string, user: DatabaseUser | undefined): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  if (user !== undefined) {
    await chown(directory, user.uid, user.gid);
  }
}

async function readVersion(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => undefined);

  return text?.trim();
}

async function requireSameMajor(check: {
  directory: string;
  dataVersion: string;
  binaries: string;
}): Promise<void> {
  const { directory, dataVersion, binaries } = check;
  const binaryVersion = await readBinaryVersion(binaries);
  if (binaryVersion !== dataVersion) {
    throw new EmbeddedPostgresError(
      `The database in ${directory} was made by PostgreSQL ${dataVersion} and this Parley brings ${binaryVersion}; move it over with pg_dump and psql, or choose an empty directory with PARLEY_DATA_DIR.`,
    );
  }
}

/** "postgres (PostgreSQL) 18.4" answers "18", as PG_VERSION holds it. */
async function readBinaryVersion(binaries: string): Promise<string> {
  const { stdout } = await run(join(binaries, 'bin', 'postgres'), ['--version']);

  return /(\d+)/.exec(stdout)?.[1] ?? stdout.trim();
}

function explainInitdb(error: unknown, { binaries, dataDir, user }: ClusterOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'ENOENT') {
    return `PostgreSQL's programs in ${binaries} cannot be run by the user ${user?.name ?? 'running Parley'} (${code}); run npm run setup, with PARLEY_CACHE_DIR naming a place that user can reach.`;
  }
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);

  return explainFailure(output, { dataDir });
}
