import { defineConfig } from 'vitest/config';

// Most tests wait for others' processes: none of the cores need be left free.
const maxWorkers = '100%';

/** Tests of the whole platform: after the others, and by the limits that browsers need. */
const wholePlatform = { testTimeout: 60_000, hookTimeout: 120_000 };

/**
 * Kinds of test, told apart by where they lie: beside the source (fakes at the two seams only), in a package's `test/`
 * (real worker, real PostgreSQL), in `services/standalone/e2e` (the whole platform in real browsers), and what only
 * `npm test -- --long` runs in `services/standalone/long` and in `services/standalone/network` (machines whose networks fail).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,services,infra}/*/src/**/*.test.{ts,tsx}'],
          exclude: ['**/*.mocked.test.ts', 'packages/react/**'],
          maxWorkers,
          // Most of their time would go into loading the same modules for each file anew.
          isolate: false,
          unstubGlobals: true,
        },
      },
      {
        // Components, each file with a document of its own.
        test: { name: 'components', include: ['packages/react/src/**/*.test.{ts,tsx}'], maxWorkers },
      },
      {
        test: {
          // Who goes in by the SDK's front door, with modules of their own: those behind it are replaced.
          name: 'mocked',
          include: ['packages/*/src/**/*.mocked.test.ts'],
          setupFiles: ['packages/calling/src/testing/mockBrowser.ts'],
          maxWorkers,
        },
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
          include: ['services/standalone/e2e/*.test.ts'],
          ...wholePlatform,
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Soaks, and servers and stores that are killed or go away.
        test: {
          name: 'long',
          include: ['services/standalone/long/*.test.ts'],
          ...wholePlatform,
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Whose subject is time: another platform beside it would be measured with it.
        test: {
          name: 'alone',
          include: ['services/standalone/long/alone/*.test.ts'],
          ...wholePlatform,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'network',
          include: ['services/standalone/network/**/*.test.ts'],
          ...wholePlatform,
          testTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
