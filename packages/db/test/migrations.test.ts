import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@parley/test-kit';
import { afterEach, describe, expect, it } from 'vitest';
import {
  applyMigrations,
  createDatabase,
  createMigrationCheck,
  databaseFailure,
  DatabaseConnectionError,
} from '../src/index.ts';
import { readMigrations } from '../src/migrations.ts';
import { schemaDifference } from './schemaDifference.ts';

const opened: TestDatabase[] = [];
const emptyDatabase = async (): Promise<TestDatabase> => {
  const database = await createTestDatabase({ migrated: false });
  opened.push(database);

  return database;
};

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.drop()));
});

describe('the migrations', () => {
  it('add up to the data model of schema.prisma', async () => {
    const { url } = await emptyDatabase();

    // What is printed when this fails is the SQL that a new migration lacks.
    expect(await schemaDifference(url)).toBe('');
  });

  it('are applied once, in order, though two services start at the same moment', async () => {
    const { url, database } = await emptyDatabase();
    const names = (await readMigrations()).map(({ name }) => name);
    const isMigrated = createMigrationCheck(database);
    expect(await isMigrated()).toBe(false);

    const applied = await Promise.all([applyMigrations(url), applyMigrations(url)]);

    expect(applied.flat()).toEqual(names);
    expect(await isMigrated()).toBe(true);
    expect(await applyMigrations(url)).toEqual([]);
  });

  it('are found missing by name when one of them is taken back', async () => {
    const { database } = await createdAndMigrated();
    const isMigrated = createMigrationCheck(database);
    expect(await isMigrated()).toBe(true);

    await database.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now()`;

    expect(await isMigrated()).toBe(false);
  });

  it('say in one sentence which of them failed before', async () => {
    const { url, database } = await createdAndMigrated();
    await database.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL`;

    await expect(applyMigrations(url)).rejects.toThrow(/^The database could not be migrated: .*migrat/);
  });

  it('say in one sentence what a user lacks that may make no tables, and the statement in it is the cure', async () => {
    const { url, database } = await emptyDatabase();
    const user = new URL(url);
    [user.username, user.password] = [`Owner-${randomBytes(4).toString('hex')}`, 'of-nothing'];
    await database.$executeRawUnsafe(`CREATE ROLE "${user.username}" LOGIN PASSWORD '${user.password}'`);

    const error = await applyMigrations(user.href).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(DatabaseConnectionError);
    const { message } = error as DatabaseConnectionError;
    expect(message).toMatch(/^The database user "Owner-\w+" may not make tables in test_\w+: [^\n]*$/);
    expect(message).not.toContain(user.password);
    await database.$executeRawUnsafe(/\((ALTER DATABASE [^)]+)\)/.exec(message)?.[1] ?? '');
    expect(await applyMigrations(user.href)).not.toEqual([]);
  });

  async function createdAndMigrated(): Promise<TestDatabase> {
    const made = await emptyDatabase();
    await applyMigrations(made.url);

    return made;
  }
});

describe('a wrong DATABASE_URL', () => {
  const change = (url: string, edit: (url: URL) => void): string => {
    const changed = new URL(url);
    edit(changed);

    return changed.href;
  };

  it.each([
    ['is not a URL', () => 'parley', 'is not a PostgreSQL URL'],
    ['belongs to another database', () => 'mysql://root@localhost/parley', 'is not a PostgreSQL URL'],
    [
      'names no host',
      (url: string) => change(url, (to) => (to.hostname = 'nowhere.invalid')),
      'cannot be found',
    ],
    [
      'names a closed port',
      (url: string) => change(url, (to) => (to.port = '1')),
      'No database server answers',
    ],
    [
      'has a wrong password',
      (url: string) => change(url, (to) => (to.password = 'guess')),
      'refuses the user',
    ],
    [
      'names no database',
      (url: string) => change(url, (to) => (to.pathname = '/none')),
      'There is no database "none"',
    ],
  ])('that %s is one sentence without the password', async (_case, wrong, words) => {
    const { url } = await emptyDatabase();

    const error = await applyMigrations(wrong(url)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(DatabaseConnectionError);
    const { message } = error as DatabaseConnectionError;
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
    expect(message).not.toContain(new URL(url).password);
    expect(message).not.toContain('guess');
  });
});

describe('databaseFailure', () => {
  it('tells a taken key, a missing row and a dangling reference apart', async () => {
    const { url, database } = await emptyDatabase();
    await applyMigrations(url);
    const application = { id: 'a', name: 'A', publicKey: 'pk_a' };
    await database.application.create({ data: application });
    const failureOf = async (query: Promise<unknown>): Promise<unknown> =>
      databaseFailure(await query.catch((e: unknown) => e));

    expect(await failureOf(database.application.create({ data: application }))).toBe('conflict');
    expect(await failureOf(database.application.delete({ where: { id: 'none' } }))).toBe('missing');
    expect(
      await failureOf(database.user.create({ data: { applicationId: 'none', id: 'u', displayName: 'U' } })),
    ).toBe('dangling');
    expect(databaseFailure(new TypeError('a fault of ours'))).toBeUndefined();
  });

  it('finds a server that cannot be asked unavailable', async () => {
    const nobody = createDatabase('postgresql://parley@127.0.0.1:1/parley');

    const error = await nobody.application.count().catch((thrown: unknown) => thrown);

    expect(databaseFailure(error)).toBe('unavailable');
    const rawError = await nobody.$queryRaw`SELECT 1`.catch((thrown: unknown) => thrown);
    expect(databaseFailure(rawError)).toBe('unavailable');
    await nobody.$disconnect();
  });

  it('finds connections cut by the server unavailable, and the next query connects again', async () => {
    const { url, database } = await emptyDatabase();
    await applyMigrations(url);
    const query = database.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`;

    expect(databaseFailure(await query.catch((thrown: unknown) => thrown))).toBe('unavailable');
    expect(await database.application.count()).toBe(0);
  });
});
