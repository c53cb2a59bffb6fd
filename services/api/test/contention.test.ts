import { createDatabase, type Database, type Transaction } from '@parley/db';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocked } from './blocked.ts';
import { startTestApi, type TestApi } from './testApi.ts';

/** The api's patience is the real one here, and who holds rows does so on connections of their own. */
let api: TestApi;
let others: Database;

beforeAll(async () => {
  api = await startTestApi({
    reachDatabase: async (url) => {
      others = createDatabase(url, { patienceMs: 30_000 });

      return url;
    },
  });
});
afterAll(async () => {
  await others.$disconnect();
  await api.close();
});

const lock = (transaction: Transaction, table: 'User' | 'Room', id: string) =>
  transaction.$executeRawUnsafe(`SELECT 1 FROM "${table}" WHERE "id" = $1 FOR UPDATE`, id);

/** Holds a row until `meanwhile` is done. */
const holding = <Result>(
  [table, id]: ['User' | 'Room', string],
  meanwhile: (holder: Transaction) => Promise<Result>,
): Promise<Result> =>
  others.$transaction(
    async (holder) => {
      await lock(holder, table, id);

      return meanwhile(holder);
    },
    { timeout: 30_000 },
  );

async function tenant() {
  const application = await api.createApplication({ requestsPerMinute: 100_000 });

  return { application, backend: request.agent(api.app).set('Authorization', application.key) };
}

describe('a row that somebody else holds', () => {
  it('is answered with 503 and a time to wait, not waited for without end', async () => {
    const { backend } = await tenant();
    await backend.post('/v1/users').send({ id: 'held' });

    const answer = await holding(['User', 'held'], async () =>
      backend.patch('/v1/users/held').send({ displayName: 'New' }),
    );

    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([
      503,
      'unavailable',
      '1',
    ]);
  });
});

describe('a deadlock', () => {
  it('stops nobody: the request whose transaction was stopped is carried out again', async () => {
    const { backend } = await tenant();
    await backend.post('/v1/users').send({ id: 'crossed' });
    const { body: room } = await backend.post('/v1/rooms').send({ roster: { crossed: 'presenter' } });

    const { deleted } = await holding(['Room', room.id], async (holder) => {
      const answer = backend.delete('/v1/users/crossed').then(({ status }) => status);
      await blocked(others, 1);
      // The request waits for longer and so is the one that PostgreSQL stops.
      await lock(holder, 'User', 'crossed');

      return { deleted: answer };
    });

    expect(await deleted).toBe(204);
    expect((await backend.get('/v1/users/crossed')).status).toBe(404);
  });

  it('does not come from a user deleted while a room takes them onto its roster', async () => {
    const { backend } = await tenant();
    await backend.post('/v1/users').send({ id: 'amy' });
    await backend.post('/v1/users').send({ id: 'zoe' });
    const { body: room } = await backend.post('/v1/rooms').send({ roster: { zoe: 'presenter' } });
    const roster = { amy: 'attendee', zoe: 'attendee' };

    const answers = await holding(['User', 'amy'], async () => {
      // Waits for the first of the two, and must not hold the room meanwhile.
      const patched = backend
        .patch(`/v1/rooms/${room.id}`)
        .send({ roster })
        .then(({ status }) => status);
      await blocked(others, 1);
      const { status: deleted } = await backend.delete('/v1/users/zoe');

      return { deleted, patched };
    });

    expect(answers.deleted).toBe(204);
    expect(await answers.patched).toBe(400);
  });
});

describe('an application that floods the api', () => {
  it('keeps no neighbour waiting, neither with rows that are held nor with passwords', async () => {
    const [flood, neighbour] = [await tenant(), await tenant()];
    await flood.backend.post('/v1/users').send({ id: 'hot' });
    const guest = { id: 'guest', email: 'guest@example.org', password: 'correct horse' };
    await neighbour.backend.post('/v1/users').send(guest);

    const { served, flooded } = await holding(['User', 'hot'], async () => {
      const answers = Array.from({ length: 150 }, (_, n) =>
        n % 3 === 0
          ? flood.backend.post('/v1/users').send({ email: `u${n}@example.org`, password: 'correct horse' })
          : flood.backend.patch('/v1/users/hot').send({ displayName: `Hot ${n}` }),
      ).map((asked) => asked.then((answer) => answer));
      await blocked(others, 3);

      const ofNeighbour = await Promise.all([
        ...Array.from({ length: 8 }, () => neighbour.backend.post('/v1/users').send({})),
        neighbour.backend.post('/v1/users/guest/tokens').send({}),
        request(api.app).post('/v1/oauth/token').type('form').send({
          grant_type: 'password',
          client_id: neighbour.application.publicKey,
          username: guest.email,
          password: guest.password,
        }),
      ]);

      return { served: ofNeighbour, flooded: answers };
    });

    expect(served.map(({ status }) => status)).toEqual([...Array.from({ length: 9 }, () => 201), 200]);
    for (const { status, headers } of await Promise.all(flooded)) {
      expect([200, 201, 429, 503]).toContain(status);
      expect(status < 400 || Number(headers['retry-after']) > 0).toBe(true);
    }
  });
});
