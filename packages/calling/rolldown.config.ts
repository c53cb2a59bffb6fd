import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { entries, type Entry } from './tools/entries.ts';
import { workerUrls } from './tools/workerUrls.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** What applications install from a registry; Parley's own packages are on none, and inside. */
const dependencies = Object.entries(manifest.dependencies).filter(([name]) => !name.startsWith('@parley/'));

/**
 * The manifest that is packed. That of the checkout leads to the sources, so that whoever imports the package here
 * needs no build.
 */
const packedManifest = {
  name: manifest['name'],
  version: manifest['version'],
  private: true,
  type: 'module',
  exports: {
    ...Object.fromEntries(
      entries.map(({ specifier, name }) => [specifier, { types: `./${name}.d.ts`, default: `./${name}.js` }]),
    ),
    './package.json': './package.json',
  },
  sideEffects: false,
  dependencies: Object.fromEntries(dependencies),
};

const describePackage: Plugin = {
  name: 'describe-package',
  generateBundle() {
    const source = `${JSON.stringify(packedManifest, undefined, 2)}\n`;
    this.emitFile({ type: 'asset', fileName: 'package.json', source });
    this.emitFile({ type: 'asset', fileName: 'README.md', source: readFileSync('README.md') });
  },
};

/** Leads to where the compiler has put the types of Parley's own packages. */
const findTypes: Plugin = {
  name: 'find-types',
  resolveId: {
    order: 'pre',
    handler: (id) =>
      id.startsWith('@parley/') ? resolve(`dist/types/${id.slice(8)}/src/index.d.ts`) : undefined,
  },
};

const external = (id: string): boolean =>
  dependencies.some(([name]) => id === name || id.startsWith(`${name}/`));

const inputOf = (sourceOf: (entry: Entry) => string): Record<string, string> =>
  Object.fromEntries(entries.map((entry) => [entry.name, sourceOf(entry)]));

const output = { dir: 'dist', format: 'es' } as const;

/** For the report of the surface, which is of files that keep their names. */
const allShared = {
  chunkFileNames: '[name].d.ts',
  codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
};

/**
 * The package as it is installed, beside what vite.config.ts makes: a module for each entry, for bundlers, which bring what
 * it depends on, and its types. What several share is in modules of its own, so that a `CallError` is the same class in all.
 * The project's own compiler has written the types before, one file a source: it has no interface that a bundler could ask.
 */
export default defineConfig([
  {
    input: inputOf(({ source }) => source),
    external,
    tsconfig: 'tsconfig.build.json',
    plugins: [workerUrls(), describePackage],
    output: { ...output, sourcemap: true, chunkFileNames: 'shared-[hash].js' },
  },
  {
    input: inputOf(({ source }) => source.replace(/^\.\/(.*)\.ts$/, 'dist/types/calling/$1.d.ts')),
    external,
    plugins: [findTypes, dts({ dtsInput: true, generator: 'oxc', tsconfig: false })],
    output: { ...output, ...allShared },
  },
]);
