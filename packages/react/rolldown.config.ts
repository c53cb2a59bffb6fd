import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'rolldown';
import { minifySync } from 'rolldown/utils';

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** What these bindings may add to a page, bytes gzipped. */
const maxGzippedBytes = 4_000;

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
    '.': { types: './types/index.d.ts', default: './index.js' },
    './package.json': './package.json',
  },
  sideEffects: false,
  peerDependencies: manifest.peerDependencies,
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

const limitSize: Plugin = {
  name: 'limit-size',
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type === 'chunk') {
        const bytes = gzipSync(minifySync(part.fileName, part.code, { module: true }).code).length;
        this.info(`${part.fileName} is ${(bytes / 1000).toFixed(1)} kB minified and gzipped.`);
        if (bytes > maxGzippedBytes) {
          this.error(`${part.fileName} is over its limit of ${maxGzippedBytes / 1000} kB gzipped.`);
        }
      }
    }
  },
};

const isExternal = (id: string): boolean =>
  Object.keys(manifest.peerDependencies).some((name) => id === name || id.startsWith(`${name}/`));

/** The package as it is installed: one module, beside the types that the compiler has written, one file a source. */
export default defineConfig({
  input: 'src/index.ts',
  external: isExternal,
  tsconfig: 'tsconfig.json',
  plugins: [describePackage, limitSize],
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    // For frameworks that render some components on a server only: these are not among them.
    banner: "'use client';",
  },
});
