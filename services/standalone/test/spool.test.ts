import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { callListSchema } from '@parley/protocol/rest';
import { createTestDatabase, freePort, Relay } from '@parley/test-kit';
import { describe, expect, it } from 'vitest';
import { ask, createBackend, operatorKey } from './support/backend.ts';
import { mainWorld } from './support/mainProcess.ts';

const world = mainWorld();

describe('a call that came to its end while the database was away', { timeout: 180_000 }, () => {
  it('is recorded once, though the process was killed before it could be, and twice started on other ports', async () => {
    const { url: databaseUrl, database, drop } = await createTestDatabase();
    const relay = await Relay.to(databaseUrl);
    const variables = {
      PORT: String(await freePort()),
      DATABASE_URL: relay.url,
      PARLEY_MASTER_KEY: randomBytes(32).toString('base64url'),
      PARLEY_OPERATOR_KEY: operatorKey,
    };
    const first = world.start(variables);
    const backend = await createBackend(await world.urlOf(first));
    await backend.do('POST', '/v1/users', { id: 'alice' });
    const room = (await backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter' } })) as {
      id: string;
    };
    const alice = await backend.connectWith(await backend.token('alice'));

    await relay.cut();
    const { call } = await alice.enter('joinRoom', { roomId: room.id, media: await alice.offer() });
    await alice.request('endCall', { callId: call.id });
    await alice.next('callEnded');
    first.kill('SIGKILL');
    await once(first, 'exit');
    await relay.join();
    expect(await database.callRecord.count()).toBe(0);

    for (let start = 1; start <= 2; start += 1) {
      const again = world.start({ ...variables, PORT: '0' });
      const url = await world.urlOf(again);
      const calls = async () => (await ask(url, backend.secret, ['GET', '/v1/calls'])).body;
      await expect
        .poll(async () => callListSchema.parse(await calls()).items, { timeout: 20_000 })
        .toMatchObject([
          {
            id: call.id,
            state: 'ended',
            endReason: 'ended_for_everyone',
            participants: [{ userId: 'alice', endReason: 'ended_for_everyone' }],
          },
        ]);
      again.kill('SIGKILL');
      await once(again, 'exit');
    }
    await relay.cut();
    await drop();
  });
});
