import { randomBytes } from 'node:crypto';
import { systemClock } from '@parley/kit';
import type { Database } from '@parley/db';
import { Relay } from '@parley/test-kit';
import { PgBoss } from 'pg-boss';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startJobs, type Jobs, type JobServices } from '../src/index.ts';
import { jobs } from '../src/jobs/jobs.ts';
import { applicationId, createJobServices, type TestJobServices } from './jobServices.ts';

let services: TestJobServices;
let database: Database;

beforeAll(async () => {
  services = await createJobServices();
  ({ database } = services);
});
afterAll(() => services.close());

describe('startJobs', () => {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0)) {
      await each.close();
    }
  });
  const start = async (url = services.databaseUrl, own: JobServices = services): Promise<Jobs> => {
    const started = await startJobs({ databaseUrl: url, services: own, pollSeconds: 1 });
    running.push(started);

    return started;
  };
  /** Asks for a job now, as the schedule does at its time. */
  const send = async (name: string): Promise<string | null> => {
    const boss = new PgBoss({
      connectionString: services.databaseUrl,
      schema: 'pgboss',
      schedule: false,
      supervise: false,
    });
    boss.on('error', () => undefined);
    await boss.start();
    const id = await boss.send(name);
    await boss.stop({ graceful: false });

    return id;
  };
  const addOldGuest = (id: string) =>
    database.user.create({
      data: {
        applicationId,
        id,
        kind: 'guest',
        displayName: id,
        tokensExpireAt: new Date(Date.now() - 2 * 24 * 60 * 60 * 1000),
      },
    });
  const countGuests = () => database.user.count({ where: { kind: 'guest' } });

  it('puts every job on a schedule in a schema of its own, secrets every minute', async () => {
    await start();
    await start();

    const rows = await database.$queryRaw<{ name: string; cron: string }[]>`
      SELECT name, cron FROM pgboss.schedule ORDER BY name`;
    expect(rows).toEqual(
      Object.entries(jobs)
        .map(([name, { cron }]) => ({ name, cron }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
    expect(jobs['eraseSecrets']?.cron).toBe('* * * * *');
  });

  it('runs a job that is due', async () => {
    await addOldGuest('due');
    await start();

    await send('removeAnonymousUsers');

    await expect.poll(countGuests, { timeout: 15_000 }).toBe(0);
  });

  it('lets a job wait once, however often it is asked for', async () => {
    const only = await start();
    await only.close();

    expect(await send('removeAuditEntries')).not.toBeNull();
    expect(await send('removeAuditEntries')).toBeNull();
  });

  it('goes on when the database comes back', async () => {
    const relay = await Relay.to(services.databaseUrl);
    running.push({ close: () => relay.cut() });
    const started = await start(relay.url);
    await relay.cut();
    await addOldGuest('while away');
    await send('removeAnonymousUsers');

    await relay.join();

    await expect.poll(countGuests, { timeout: 15_000 }).toBe(0);
    await started.close();
  });

  it('cannot start without its database, or without a schema in it, and says what to do', async () => {
    const relay = await Relay.to(services.databaseUrl);
    await relay.cut();
    const stranger = `stranger_${randomBytes(4).toString('hex')}`;
    const url = new URL(services.databaseUrl);
    url.username = stranger;
    url.password = 'of-the-test';
    await database.$executeRawUnsafe('DROP SCHEMA IF EXISTS pgboss CASCADE');
    await database.$executeRawUnsafe(`CREATE ROLE ${stranger} LOGIN PASSWORD 'of-the-test'`);

    await expect(start(relay.url)).rejects.toThrow(/cannot be kept in the database \(.*ECONNREFUSED.*pgboss/);
    await expect(start(url.href)).rejects.toThrow(
      /cannot be kept in the database \(permission denied.*pgboss/,
    );

    await database.$executeRawUnsafe(`DROP ROLE ${stranger}`);
  });

  it('says that a job failed, and runs it again when it is due again', async () => {
    const logs: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line) => logs.push(line) });
    const failing = { ...services, logger, clock: { ...systemClock, now: () => Number.NaN } };
    await start(services.databaseUrl, failing);

    for (const count of [1, 2]) {
      await send('removeSigningKeys');
      await expect
        .poll(() => logs.filter((line) => line.includes('job failed')).length, { timeout: 15_000 })
        .toBe(count);
    }
    expect(logs.find((line) => line.includes('job failed'))).toContain('removeSigningKeys');
  });

  it('warns of a database that goes away while it runs, and not of one that goes with it', async () => {
    const logs: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => logs.push(line) });
    const started = await start(services.databaseUrl, { ...services, logger });
    const end = () => database.$queryRaw`
      SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'parley-jobs'`;
    await end();
    await expect.poll(() => logs.join('')).toContain('schedule of jobs disturbed');
    await send('removeAnonymousUsers');
    logs.length = 0;

    const closed = started.close();
    await end();
    await closed;

    expect(logs).toEqual([]);
  });

  it('leaves no connection when it was closed, once or twice', async () => {
    const started = await start();

    await Promise.all([started.close(), started.close()]);
    await started.close();

    const count = () => database.$queryRaw`
      SELECT count(*)::int AS open FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'parley-jobs'`;
    await expect.poll(count).toEqual([{ open: 0 }]);
  });
});
