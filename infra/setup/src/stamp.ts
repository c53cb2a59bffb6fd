import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './places.ts';

/** Remembers which inputs an output was made from; it lies in node_modules, so `npm ci` forgets it. */
export interface Stamp {
  isFresh(): boolean;
  /** Called with the inputs' key of before the work, so that a change during it is not lost. */
  write(key: string): void;
  key(): string;
}

export function createStamp(name: string, inputs: readonly string[]): Stamp {
  const file = join(repositoryRoot, 'node_modules/.cache/parley', `${name}.stamp`);
  const key = (): string => hashPaths(inputs.map((input) => join(repositoryRoot, input)));

  return {
    key,
    isFresh() {
      try {
        return readFileSync(file, 'utf8') === key();
      } catch {
        return false;
      }
    },
    write(made) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, made);
    },
  };
}

/** A hash over the names and contents of the files, and of all files below the directories. */
export function hashPaths(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(listFiles)) {
    hash
      .update(`${path.slice(repositoryRoot.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }

  return hash.digest('hex');
}

/** Made from sources, or none of what is built. */
const skipped = new Set(['.turbo', 'dist', 'node_modules', 'test']);

function listFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }

  return readdirSync(path)
    .filter((name) => !skipped.has(name))
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}
