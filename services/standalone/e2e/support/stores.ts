import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import { TestRedis } from '@parley/test-kit';
import { processesOf } from '../../../../packages/db/test/support/cluster.ts';

/** A server that comes back where it was. */
interface Killable {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A Redis and a PostgreSQL of the test's own, which it may kill. */
export async function startStores(
  stack: AsyncDisposableStack,
): Promise<{ redis: TestRedis; database: Killable }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-stores-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const binaries = await locatePostgres();
  let postgres = await startEmbeddedPostgres({ binaries, dataDir });
  stack.defer(() => postgres.stop());
  const { url } = postgres;
  const redis = await TestRedis.start();
  stack.defer(() => redis.stop());

  return {
    redis,
    database: {
      url,
      async kill() {
        processesOf(dataDir).forEach((pid) => process.kill(pid, 'SIGKILL'));
        // It finds nothing left to stop, and gives up the folder.
        await postgres.stop();
      },
      async start() {
        postgres = await startEmbeddedPostgres({ binaries, dataDir, port: Number(new URL(url).port) });
      },
    },
  };
}
