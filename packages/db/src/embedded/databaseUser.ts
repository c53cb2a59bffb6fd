import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';

const run = promisify(execFile);

/** The system user that PostgreSQL runs as. */
export interface DatabaseUser {
  name: string;
  uid: number;
  gid: number;
}

const userName = 'postgres';

/**
 * Answers whom to run PostgreSQL as: PostgreSQL refuses to run as root, so root hands it to the user
 * `postgres`, who is made when missing. Undefined means "as ourselves".
 */
export async function ensureDatabaseUser(): Promise<DatabaseUser | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined;
  }

  const user = await findUser();
  if (user !== undefined) {
    return user;
  }
  await makeUser();
  const made = await findUser();
  if (made === undefined) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root and the system user ${userName} could not be made; make it with "useradd --system ${userName}".`,
    );
  }

  return made;
}

/** Whether the user can enter the directory; asked of the system itself, since access lists hide from mode bits. */
export async function canEnter(directory: string, user: DatabaseUser | undefined): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { cwd: '/', ...identity(user) });

    return true;
  } catch {
    return false;
  }
}

/** The options that make a child process run as that user. */
export function identity(user: DatabaseUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid };
}

async function findUser(): Promise<DatabaseUser | undefined> {
  try {
    const { stdout } = await run('getent', ['passwd', userName]);
    const [name, , uid, gid] = stdout.trim().split(':');

    return name === undefined ? undefined : { name, uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

async function makeUser(): Promise<void> {
  const home = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  try {
    await run('useradd', ['--system', '--user-group', ...home, userName]);
  } catch {
    // Another start may have made the user at the same moment; the caller looks again and says so if not.
  }
}
