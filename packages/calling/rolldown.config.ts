import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
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
      entries.map(({ specifier, name, source }) => [
        specifier,
        { types: `./${name}.d.ts`, default: source.replace(/^\.\/src\/(.*)\.ts$/, './modules/$1.js') },
      ]),
    ),
    './package.json': './package.json',
  },
  sideEffects: false,
  dependencies: Object.fromEntries(dependencies),
};

/** Without the links into the checkout, which is not there where the package is installed. */
const packedReadme = (): string =>
  readFileSync('README.md', 'utf8').replaceAll(/\[([^\]]+)\]\((?!#|https?:)[^)]*\)/g, '$1');

const describePackage: Plugin = {
  name: 'describe-package',
  generateBundle() {
    const source = `${JSON.stringify(packedManifest, undefined, 2)}\n`;
    this.emitFile({ type: 'asset', fileName: 'package.json', source });
    this.emitFile({ type: 'asset', fileName: 'README.md', source: packedReadme() });
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

/** Named as the source, the other packages' below a folder of their own. */
const moduleOf = (source: string): string =>
  source.replace(/^.*\/packages\/(\w+)\/src\/(.*)\.ts$/, (_path, name: string, inside: string) =>
    name === 'calling' ? inside : `${name}/${inside}`,
  );

/** From a module to the files for pages. */
const toPageFiles = (source: string): string => `'${relative(dirname(`modules/${moduleOf(source)}`), '.')}/`;

/** For the report of the surface, which is of files that keep their names. */
const allShared = {
  chunkFileNames: '[name].d.ts',
  codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
};

/**
 * The package as it is installed, beside what vite.config.ts makes: a module for each source, for bundlers, which bring what
 * it depends on and leave out what an application does not use; and types, in a file for each entry and one for what several
 * share. The project's own compiler has written these before, one file a source: it has no interface that a bundler could ask.
 */
export default defineConfig([
  {
    input: inputOf(({ source }) => source),
    external,
    tsconfig: 'tsconfig.build.json',
    plugins: [workerUrls(toPageFiles), describePackage],
    output: {
      ...output,
      sourcemap: true,
      preserveModules: true,
      entryFileNames: ({ facadeModuleId }) => `modules/${moduleOf(facadeModuleId ?? '')}.js`,
    },
  },
  {
    input: inputOf(({ source }) => source.replace(/^\.\/(.*)\.ts$/, 'dist/types/calling/$1.d.ts')),
    external,
    plugins: [findTypes, dts({ dtsInput: true, generator: 'oxc', tsconfig: false })],
    output: { ...output, ...allShared },
  },
]);
