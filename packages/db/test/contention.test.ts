import { createTestDatabase, type TestDatabase } from '@parley/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, databaseFailure, type Database, type Transaction } from '../src/index.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase(test.url);
  await database.application.createMany({
    data: ['one', 'other'].map((id) => ({ id, name: id, publicKey: `pk_${id}` })),
  });
});
afterAll(async () => {
  await database.$disconnect();
  await test.drop();
});

const lock = (transaction: Transaction, id: string) =>
  transaction.$queryRaw`SELECT 1 FROM "Application" WHERE "id" = ${id} FOR UPDATE`;

const rename = (transaction: Transaction, id: string) =>
  transaction.application.update({ where: { id }, data: { name: 'Renamed' } });

it.each([
  { how: 'a raw query', wait: lock },
  { how: 'an update', wait: rename },
])('of two transactions that wait for each other in $how, one is stopped as contended', async ({ wait }) => {
  const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const cross = (own: 0 | 1) => {
    const ids = ['one', 'other'] as const;

    return database.$transaction(async (transaction) => {
      await lock(transaction, ids[own]);
      held[own].resolve();
      await Promise.all(held.map(({ promise }) => promise));
      await wait(transaction, ids[own === 0 ? 1 : 0]);
    });
  };

  const ends = await Promise.all(
    [cross(0), cross(1)].map((end) =>
      end.then(
        () => 'done',
        (error: unknown) => databaseFailure(error) ?? error,
      ),
    ),
  );

  expect(new Set(ends)).toEqual(new Set(['contended', 'done']));
});

it.each([
  { how: 'a raw query', wait: lock },
  { how: 'an update', wait: rename },
])('a row that is held for too long is given up as locked by $how', async ({ wait }) => {
  await test.database.$transaction(
    async (holder) => {
      await lock(holder, 'one');

      const end = database
        .$transaction((transaction) => wait(transaction, 'one'))
        .then(
          () => 'done',
          (error: unknown) => databaseFailure(error) ?? error,
        );

      expect(await end).toBe('locked');
    },
    { timeout: 20_000 },
  );
});

it('no more connections are opened than were allowed', async () => {
  const small = createDatabase(test.url, { connections: 2 });
  const pids = await Promise.all(
    Array.from(
      { length: 6 },
      () => small.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS "pid", pg_sleep(0.05)::text`,
    ),
  );

  expect(new Set(pids.flat().map(({ pid }) => pid)).size).toBe(2);
  await small.$disconnect();
});
