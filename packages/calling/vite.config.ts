import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { leanDependencies, logCalls } from './tools/leanDependencies.ts';

/** The bundle's limit, bytes gzipped. */
const maxGzippedBytes = 85_000;

const limitSize: Plugin = {
  name: 'limit-size',
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type === 'chunk') {
        const bytes = gzipSync(part.code).length;
        this.info(`${part.fileName} is ${(bytes / 1000).toFixed(1)} kB gzipped.`);
        if (bytes > maxGzippedBytes) {
          this.error(`${part.fileName} is over its limit of ${maxGzippedBytes / 1000} kB gzipped.`);
        }
      }
    }
  },
};

const oneFile = { codeSplitting: false, minify: true } as const;

/**
 * Everything in one file, for a page without a bundler: as an ES module, and as a script that makes the global
 * `Parley`. Not Vite's library mode: that keeps the white space of ES modules for a bundler to remove, and here
 * none follows.
 */
export default defineConfig({
  plugins: [leanDependencies, limitSize],
  build: {
    target: 'es2024',
    sourcemap: true,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: 'src/index.ts',
      preserveEntrySignatures: 'strict',
      treeshake: { manualPureFunctions: [logCalls] },
      output: [
        { ...oneFile, format: 'es', entryFileNames: 'parley-calling.js' },
        { ...oneFile, format: 'iife', name: 'Parley', entryFileNames: 'parley-calling.iife.js' },
      ],
    },
  },
});
