import { defineConfig } from 'vitest/config';

/**
 * Hostile networks: browsers on machines whose network changes, loses packets or lets no UDP through. A run of its own,
 * for it needs the right to make network namespaces.
 */
export default defineConfig({
  test: {
    name: 'network',
    include: ['services/standalone/network/**/*.test.ts'],
    testTimeout: 480_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
