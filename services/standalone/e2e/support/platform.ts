import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Demo } from '@parley/api';
import { pino } from 'pino';
import { describeError } from '../../src/describeError.ts';
import { parseEnvironment } from '../../src/environment.ts';
import { startPlatform } from '../../src/startPlatform.ts';

export const checkout = resolve(import.meta.dirname, '../../../..');

export interface TestPlatform extends AsyncDisposable {
  readonly url: string;
  /** Undefined unless an address for it was asked for: its usual port is for one platform of a machine. */
  readonly adminUrl: string | undefined;
  readonly demo: Demo;
  /** A folder of this run, removed with the platform. */
  readonly folder: string;
}

/** The whole platform in this process, on ports and data of its own. */
export async function startTestPlatform(variables: Record<string, string> = {}): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
  // mkdtemp makes it for this user alone, and the database runs as another.
  await chmod(folder, 0o755);
  const platform = await startPlatform({
    environment: parseEnvironment({
      PORT: '0',
      PARLEY_DATA_DIR: join(folder, 'data'),
      PARLEY_ADMIN_ADDRESS: 'off',
      PARLEY_MEDIA_WORKERS: '1',
      PARLEY_RTC_MIN_PORT: '41000',
      PARLEY_RTC_MAX_PORT: '48999',
      // The same two people ring each other, and enter the same room, in one test after the other.
      PARLEY_LIMITS: '{"calls":{"ringsPerMinute":600,"entrancesPerMinute":600}}',
      ...variables,
    }),
    logger: pino({
      level: process.env['PARLEY_LOG_LEVEL'] ?? 'warn',
      serializers: { err: describeError },
    }),
    checkout,
    stateDir: folder,
    notice: () => {},
  });
  if (platform.demo === undefined) {
    throw new Error('The test platform runs without its demo application.');
  }

  return {
    url: platform.publicUrl,
    adminUrl: platform.adminUrl,
    demo: platform.demo,
    folder,
    async [Symbol.asyncDispose]() {
      await platform.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
