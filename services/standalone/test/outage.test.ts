import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callListSchema } from '@parley/protocol/rest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processesOf } from '../../../packages/db/test/support/cluster.ts';
import type { TestClient } from '../../sfu/test/support/TestClient.ts';
import { startTestPlatform, type TestPlatform } from '../e2e/support/platform.ts';
import { ask, createBackend, operatorKey, type Backend } from './support/backend.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let platform: TestPlatform;
let backend: Backend;
let roomId: string;
let clients: TestClient[] = [];

const startPostgres = async (port?: number): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({
    binaries: await locatePostgres(),
    dataDir: join(folder, 'data'),
    ...(port === undefined ? {} : { port }),
  });

/** To every process of the server, which each hold a connection. */
function signalPostgres(signal: NodeJS.Signals): void {
  for (const pid of processesOf(join(folder, 'data'))) {
    process.kill(pid, signal);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-outage-'));
  await chmod(folder, 0o755);
  postgres = await startPostgres();
  platform = await startTestPlatform({
    DATABASE_URL: postgres.url,
    PARLEY_DEMO: 'on',
    PARLEY_OPERATOR_KEY: operatorKey,
  });
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  backend = await createBackend(platform.url);
  for (const id of ['alice', 'bob']) {
    await backend.do('POST', '/v1/users', { id });
  }
  ({ id: roomId } = (await backend.do('POST', '/v1/rooms', {
    roster: { alice: 'presenter', bob: 'attendee' },
  })) as { id: string });
});
afterEach(() => {
  clients.forEach(({ socket }) => socket.disconnect());
  clients = [];
});

async function joinWith(token: string): Promise<string> {
  const client = await backend.connectWith(token);
  clients.push(client);
  const { call } = await client.enter('joinRoom', { roomId, media: await client.offer() });

  return call.id;
}

describe.each([
  {
    state: 'stopped',
    take: () => postgres.stop(),
    giveBack: async () => {
      postgres = await startPostgres(Number(new URL(postgres.url).port));
    },
  },
  {
    state: 'frozen',
    take: async () => signalPostgres('SIGSTOP'),
    giveBack: async () => signalPostgres('SIGCONT'),
  },
])('with PostgreSQL $state', ({ take, giveBack }) => {
  it('people join a known room with the tokens they have, REST says 503, and all of it recovers by itself', async () => {
    const [alicesToken, bobsToken] = [await backend.token('alice'), await backend.token('bob')];
    await take();
    try {
      const callId = await joinWith(alicesToken);
      expect(await joinWith(bobsToken)).toBe(callId);

      for (const [method, path, credential] of [
        ['GET', '/v1/rooms', backend.secret],
        ['POST', '/v1/rooms', backend.secret],
        ['GET', '/v1/me/calls', alicesToken],
        ['GET', '/readyz/api', undefined],
      ] as const) {
        const startedAt = performance.now();
        const { status, headers } = await ask(platform.url, credential, [method, path]);
        expect([path, status, headers.get('retry-after')]).toEqual([
          path,
          503,
          expect.stringMatching(/^\d+$/),
        ]);
        expect(performance.now() - startedAt).toBeLessThan(2_000);
      }
      for (const path of ['/.well-known/jwks.json', '/readyz']) {
        expect([path, (await ask(platform.url, undefined, ['GET', path])).status]).toEqual([path, 200]);
      }
    } finally {
      await giveBack();
    }

    await expect
      .poll(async () => (await backend.ask('GET', '/readyz/api')).status, { timeout: 10_000 })
      .toBe(200);
    await joinWith(await backend.token('bob'));
    // What happened in calls meanwhile is written now.
    await expect
      .poll(
        async () => callListSchema.parse(await backend.do('GET', '/v1/calls?userId=alice')).items.length,
        {
          timeout: 15_000,
        },
      )
      .toBe(1);
  });
});
