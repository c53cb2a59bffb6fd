import { defineConfig } from 'vite';

/**
 * One ES module with everything inside, for a page without a bundler. Not Vite's library mode: that keeps the
 * white space of ES modules for a bundler to remove, and here none follows.
 */
export default defineConfig({
  build: {
    target: 'es2024',
    sourcemap: true,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/index.ts',
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'parley-calling.js', codeSplitting: false, minify: true },
    },
  },
});
