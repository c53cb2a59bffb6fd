import { createTestDatabase, Relay, type TestDatabase } from '@parley/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, databaseFailure, type Database } from '../src/index.ts';

/** More than the pool has connections. */
const many = Array.from({ length: 15 });

let test: TestDatabase;
let relay: Relay;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  relay = await Relay.to(test.url);
  database = createDatabase(relay.url);
});
afterAll(async () => {
  await database.$disconnect();
  await relay.cut();
  await test.drop();
});

const createApplication = (id: string) =>
  database.application.create({ data: { id, name: id, publicKey: `pk_${id}` } });

/** What became of each, and after how long the last one knew. */
async function outcomes(attempts: Promise<unknown>[]): Promise<{ failures: unknown[]; ms: number }> {
  const startedAt = performance.now();
  const failures = await Promise.all(
    attempts.map((attempt) =>
      attempt.then(
        () => 'done',
        (error: unknown) => databaseFailure(error) ?? error,
      ),
    ),
  );

  return { failures, ms: performance.now() - startedAt };
}

describe('a server that accepts and does not answer', () => {
  it('counts as unavailable within two seconds, for queries, for transactions and for new connections', async () => {
    await createApplication('before');
    // Some of the connections are in the pool, others would be new.
    await Promise.all(many.slice(0, 5).map(() => database.application.count()));
    relay.freeze();

    const { failures, ms } = await outcomes([
      ...many.map(() => database.application.count()),
      ...many.map(() => database.$transaction((transaction) => transaction.application.count())),
      ...many.map(() => database.$queryRaw`SELECT 1`),
    ]);

    expect(new Set(failures)).toEqual(new Set(['unavailable']));
    expect(ms).toBeLessThan(2_000);
    relay.thaw();
  });

  it('is found out on connections that have long been idle too', async () => {
    await Promise.all(many.map(() => database.application.count()));
    relay.freeze();

    // Each takes so long that the connection of the next has been idle beyond the limit.
    for (const ask of [
      () => database.application.count(),
      () => database.$transaction((transaction) => transaction.application.count()),
      () => database.application.count(),
      () => database.application.count(),
    ]) {
      const { failures, ms } = await outcomes([ask()]);
      expect(failures).toEqual(['unavailable']);
      expect(ms).toBeLessThan(2_000);
    }
    relay.thaw();
  });

  it('leaves no connection behind that is still in a transaction, nor one that is lost to the pool', async () => {
    const failed = many.map((_, n) =>
      database.$transaction(async (transaction) => {
        await transaction.application.create({
          data: { id: `during${n}`, name: 'During', publicKey: `pk_d${n}` },
        });
        relay.freeze();
        await transaction.application.count();
      }),
    );
    expect(new Set((await outcomes(failed)).failures)).toEqual(new Set(['unavailable']));
    relay.thaw();

    await Promise.all(many.map((_, n) => createApplication(`after${n}`)));

    const others = createDatabase(test.url);
    const ids = (await others.application.findMany()).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('after'))).toHaveLength(many.length);
    expect(ids.filter((id) => id.startsWith('during'))).toEqual([]);
    await others.$disconnect();
  });

  it('is told from one that is slow and keeps answering', async () => {
    const rows = await database.$queryRaw<unknown[]>`
      SELECT repeat('x', 100000), pg_sleep(0.01)::text FROM generate_series(1, 250)`;

    expect(rows).toHaveLength(250);
  });
});
