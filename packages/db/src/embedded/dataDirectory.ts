import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, statfs, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canEnter, ensureDatabaseUser, type DatabaseUser } from './databaseUser.ts';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';

/** A fresh cluster takes 40 MB and its first log segments 32 MB. */
const bytesNeeded = 150 * 1024 * 1024;

const sharedDataRoot = '/var/lib/parley';

/**
 * Decides where the data lie: at `preferred`, or, when PostgreSQL's user cannot get there (a checkout under
 * /root, mode 700), in a fresh directory below /var/lib/parley that `preferred` then links to. So removing
 * `preferred` always means an empty database at the next start.
 */
export async function chooseDataDir(preferred: string): Promise<string> {
  if ((await lstatOrUndefined(preferred))?.isSymbolicLink() === true) {
    const linked = await realpath(preferred).catch(() => undefined);
    if (linked !== undefined) {
      return linked;
    }
    await unlink(preferred);
  }
  const user = await ensureDatabaseUser();
  if (await canEnter(await nearestExisting(preferred), user)) {
    return preferred;
  }

  const elsewhere = join(sharedDataRoot, randomBytes(6).toString('hex'));
  await makeDirectory(elsewhere);
  await mkdir(dirname(preferred), { recursive: true });
  await symlink(elsewhere, preferred);

  return elsewhere;
}

/** Makes the data directory when it is missing; throws the sentence to show when it cannot serve. */
export async function prepareDataDir(dataDir: string, user: DatabaseUser | undefined): Promise<void> {
  try {
    await makeDirectory(dataDir);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data directory ${dataDir} cannot be made (${reason(error)}); choose a writable place with PARLEY_DATA_DIR.`,
      { cause: error },
    );
  }
  const { uid } = await lstat(await realpath(dataDir));
  if (uid !== process.getuid?.() && uid !== user?.uid) {
    // Its owner could put links in it and have us write wherever they lead.
    throw new EmbeddedPostgresError(
      `The data directory ${dataDir} belongs to another user (${uid}); choose another with PARLEY_DATA_DIR, or take it over with chown.`,
    );
  }
  if (!(await canEnter(dataDir, user))) {
    throw new EmbeddedPostgresError(
      `The user ${user?.name ?? 'running Parley'} cannot reach the data directory ${dataDir}; choose another with PARLEY_DATA_DIR, or open its parent folders with "chmod o+x".`,
    );
  }
}

/** Throws when there is no room for a new cluster: half a cluster is worse than none. */
export async function requireSpace(dataDir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  if (free < bytesNeeded) {
    throw new EmbeddedPostgresError(
      `The disk that holds ${dataDir} is full (${toMegabytes(free)} MB free, ${toMegabytes(bytesNeeded)} MB needed for a new database); free some space or choose another place with PARLEY_DATA_DIR.`,
    );
  }
}

/** Like `mkdir -p`, but the directories it makes can be entered by the database's user whatever the umask. */
async function makeDirectory(directory: string): Promise<void> {
  const missing: string[] = [];
  for (let path = directory; (await lstatOrUndefined(path)) === undefined; path = dirname(path)) {
    missing.unshift(path);
  }
  for (const path of missing) {
    await makeOne(path);
  }
}

/** Not with `recursive`, which Node.js retries for ever where the system answers ENOENT (in /proc). */
async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
  }
  await chmod(path, 0o755);
}

async function nearestExisting(path: string): Promise<string> {
  return (await lstatOrUndefined(path)) === undefined ? nearestExisting(dirname(path)) : path;
}

async function lstatOrUndefined(path: string) {
  return lstat(path).catch(() => undefined);
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
