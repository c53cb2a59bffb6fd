import { defineConfig } from 'vitest/config';

// Most tests wait for others' processes: none of the cores need be left free.
const maxWorkers = '100%';

/**
 * Four kinds of test, told apart by where they lie: beside the source (fakes at the two seams only), in a package's
 * `test/` (real worker, real PostgreSQL), in `services/standalone/e2e` (the whole platform in real Chromium), and in
 * `services/standalone/network` (the same on machines whose networks fail).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['{packages,services,infra}/*/src/**/*.test.{ts,tsx}'], maxWorkers },
      },
      {
        test: {
          name: 'integration',
          include: ['{packages,services,infra}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers,
          globalSetup: ['packages/test-kit/src/postgresSetup.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['services/standalone/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Each file is a platform of its own with several browsers; two at once starve a small machine.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'network',
          include: ['services/standalone/network/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
