import { chmod, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateWorker } from '@parley/setup';
import { createTestDatabase } from '@parley/test-kit';
import { afterEach, expect, it, vi } from 'vitest';
import { TestClient } from '../../sfu/test/support/TestClient.ts';
import { workerPids } from '../../sfu/test/support/workerPids.ts';
import { startTestPlatform } from '../e2e/support/platform.ts';
import { userToken } from '../e2e/support/tokens.ts';

afterEach(() => vi.unstubAllEnvs());

it('a platform without a media worker is not ready, and is again as soon as one runs', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-workers-'));
  stack.defer(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  const worker = join(folder, 'mediasoup-worker');
  const program = await locateWorker();
  await symlink(program, worker);
  vi.stubEnv('MEDIASOUP_WORKER_BIN', worker);
  const before = new Set(workerPids());
  const database = await createTestDatabase();
  stack.defer(() => database.drop());
  const platform = stack.use(await startTestPlatform({ DATABASE_URL: database.url, PARLEY_DEMO: 'on' }));
  const token = await userToken(platform, 'alice');
  const readiness = async (): Promise<number> => (await fetch(`${platform.url}/readyz`)).status;
  expect(await readiness()).toBe(200);

  // Nothing can be started in its place.
  await rm(worker);
  workerPids()
    .filter((pid) => !before.has(pid))
    .forEach((pid) => process.kill(pid, 'SIGKILL'));
  await expect.poll(readiness, { timeout: 10_000 }).toBe(503);
  await expect(TestClient.connect(platform.url, token)).rejects.toMatchObject({
    data: { code: 'unavailable' },
  });

  await symlink(program, worker);
  await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
});
