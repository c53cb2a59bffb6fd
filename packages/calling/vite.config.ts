import { dirname, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import { entries, workers, type Entry } from './tools/entries.ts';
import { logCalls } from './tools/lean/logCalls.ts';
import { leanDependencies } from './tools/leanDependencies.ts';
import { sizeLimits } from './tools/sizeLimits.ts';
import { workerUrls } from './tools/workerUrls.ts';

const limitSize = ({ name }: Entry): Plugin => ({
  name: 'limit-size',
  generateBundle(_options, bundle) {
    const limit = sizeLimits[name];
    if (limit === undefined) {
      this.error(`${name} needs a limit in tools/sizeLimits.ts.`);
    }
    for (const part of Object.values(bundle)) {
      if (part.type === 'chunk') {
        const bytes = gzipSync(part.code).length;
        this.info(`${part.fileName} is ${(bytes / 1000).toFixed(1)} kB gzipped.`);
        if (bytes > limit) {
          this.error(`${part.fileName} is over its limit of ${limit / 1000} kB gzipped.`);
        }
      }
    }
  },
});

/** A part that needs a class or an object of the core imports it of its index: it is that of the page, and no copy. */
const shareCore: Plugin = {
  name: 'share-core',
  enforce: 'pre',
  resolveId: (id, importer) =>
    importer !== undefined && resolve(dirname(importer), id) === resolve('src/index.ts')
      ? { id: './parley-calling.js', external: true }
      : undefined,
};

const oneFile = { codeSplitting: false, minify: true } as const;

/** Each is built by itself, so that it is one file whatever it shares with others. */
const environments = [...entries, ...workers].map((entry): [string, EnvironmentOptions] => [
  entry.name === 'index' ? 'client' : entry.name.replaceAll(/\W/g, '_'),
  {
    consumer: 'client',
    build: {
      emptyOutDir: entry.name === 'index',
      rolldownOptions: {
        input: entry.source,
        preserveEntrySignatures: 'strict',
        treeshake: { manualPureFunctions: [logCalls] },
        plugins: [limitSize(entry)],
        // Such as a function of zod/mini that what stands for it has not.
        onLog: (level, log, handle) => handle(log.code === 'IMPORT_IS_UNDEFINED' ? 'error' : level, log),
        output: [
          { ...oneFile, format: 'es', entryFileNames: entry.file },
          ...(entry.name === 'index'
            ? [
                {
                  ...oneFile,
                  format: 'iife',
                  name: 'Parley',
                  entryFileNames: 'parley-calling.iife.js',
                } as const,
              ]
            : []),
        ],
      },
    },
  },
]);

/**
 * Everything in one file, for a page without a bundler: as an ES module, and the core as a script, too, that makes the
 * global `Parley`. Not Vite's library mode: that keeps the white space of ES modules for a bundler to remove, and here
 * none follows.
 */
export default defineConfig({
  // Vite would look for the worker's file before it is made.
  plugins: [leanDependencies, shareCore, workerUrls(() => "/* @vite-ignore */ './")],
  builder: {},
  build: { target: 'es2024', sourcemap: true, modulePreload: false, reportCompressedSize: false },
  environments: Object.fromEntries(environments),
});
