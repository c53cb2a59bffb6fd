import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One file that is built: the core, a sub-path of the package, or a worker's script. */
export interface Entry {
  /** The name of its limit, and of its module in the package: `index`, `precall`, `frames.worker`. */
  readonly name: string;
  /** How it is imported: `.`, `./precall`, `./frames.worker.js`. */
  readonly specifier: string;
  /** Its source, from the package's folder. */
  readonly source: string;
  /** The file with everything inside, for a page without a bundler. */
  readonly file: string;
}

const folder = join(import.meta.dirname, '..');

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
}

/** What package.json exports: the core first. */
export const entries: readonly Entry[] = Object.entries(
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest).exports,
).map(([specifier, source]) => {
  const name = specifier === '.' ? 'index' : specifier.slice(2);

  return { name, specifier, source, file: name === 'index' ? 'parley-calling.js' : fileOf(name) };
});

/** The scripts that run in a worker: they export nothing, and are one file each in the package, too. */
export const workers: readonly Entry[] = readdirSync(join(folder, 'src'), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.worker.ts'))
  .map((path) => {
    const name = basename(path, '.ts');

    return { name, specifier: `./${name}.js`, source: `./src/${path}`, file: fileOf(name) };
  });

function fileOf(name: string): string {
  return `parley-calling-${name}.js`;
}
