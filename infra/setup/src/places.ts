import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SetupError } from './SetupError.ts';

export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/**
 * What the set-up brings is kept once per machine, outside any checkout: a new clone needs no second build, and
 * for root it lies where PostgreSQL's own user can reach it, which /root is not.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['PARLEY_CACHE_DIR'];
  if (chosen !== undefined && chosen !== '') {
    return resolve(chosen);
  }
  if (process.getuid?.() === 0) {
    return '/var/cache/parley';
  }

  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley');
}

/** Where npm put a package, and which version it put there. */
export interface InstalledPackage {
  directory: string;
  version: string;
}

/** What builds the page is among the development packages, which npm leaves out when NODE_ENV is production. */
const cure = 'run npm ci --include=dev.';

export function installedPackage(name: string): InstalledPackage {
  const directory = join(repositoryRoot, 'node_modules', name);
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  } catch (error) {
    throw new SetupError(`The npm package ${name} is not installed; ${cure}`, { cause: error });
  }
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) {
    throw new SetupError(`The npm package ${name} is damaged; ${cure}`);
  }

  return { directory, version: String(manifest.version) };
}
