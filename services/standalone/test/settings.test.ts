import { createTestDatabase, type TestDatabase } from '@parley/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../e2e/support/platform.ts';
import { userToken } from '../e2e/support/tokens.ts';
import { TestClient } from '../../sfu/test/support/TestClient.ts';
import { operatorKey } from './support/backend.ts';

const dayMs = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);

let test: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  test = await createTestDatabase();
  platform = await startTestPlatform({
    DATABASE_URL: test.url,
    PARLEY_DEMO: 'on',
    PARLEY_OPERATOR_KEY: operatorKey,
    PARLEY_TRUSTED_PROXIES: '127.0.0.1, ::1',
    PARLEY_ADDRESS_REQUESTS_PER_MINUTE: '2',
    PARLEY_OPERATOR_REQUESTS_PER_MINUTE: '3',
    PARLEY_AUDIT_RETENTION_DAYS: '5',
    PARLEY_CALL_RETENTION_DAYS: '10',
    PARLEY_SIGNING_KEY_DAYS: '20',
    PARLEY_LIMITS: '{ "signaling": { "requestBytes": 20000 } }',
    PARLEY_CALL_SETTINGS: '{ "aloneTimeoutSeconds": 7 }',
  });
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await test.drop();
});

/** Status and limit of an answer. */
async function get(path: string, headers: Record<string, string>): Promise<[number, string | null]> {
  const answer = await fetch(`${platform.url}${path}`, { headers });
  await answer.arrayBuffer();

  return [answer.status, answer.headers.get('ratelimit-policy')];
}

describe('a started platform', () => {
  it('counts strangers by the address that a trusted proxy names, as often as the settings say', async () => {
    const ask = (address: string) => get('/v1/users', { 'X-Forwarded-For': address });
    const policy = '"address";q=2;w=60';

    expect([await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.1')]).toEqual([
      [401, policy],
      [401, policy],
      [429, policy],
    ]);
    expect(await ask('192.0.2.2')).toEqual([401, policy]);
  });

  it('lets the operator ask as often as the settings say', async () => {
    const ask = () => get('/v1/applications', { Authorization: `Bearer ${operatorKey}` });
    const policy = '"requests";q=3;w=60';

    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
      [200, policy],
      [200, policy],
      [200, policy],
      [429, policy],
    ]);
  });

  it(
    'keeps the audit log, the records of calls and the signing key as long as the settings say',
    { timeout: 120_000 },
    async () => {
      const { database } = test;
      const { applicationId } = platform.demo;
      for (const days of [4, 6]) {
        await database.auditEntry.create({
          data: {
            applicationId,
            at: daysAgo(days),
            actorKind: 'service',
            action: `${days} days ago`,
            target: 'x',
          },
        });
      }
      for (const days of [9, 11]) {
        const [startedAt, endedAt] = [daysAgo(days), daysAgo(days)];
        await database.callRecord.create({
          data: { applicationId, id: `${days}-days-ago`, kind: 'direct', nodeId: 'n', startedAt, endedAt },
        });
      }
      await database.signingKey.updateMany({ data: { createdAt: daysAgo(19) } });
      const left = async () => ({
        entries: (await database.auditEntry.findMany({ where: { target: 'x' } })).map(({ action }) => action),
        calls: (await database.callRecord.findMany()).map(({ id }) => id),
      });
      const keys = () => database.signingKey.count();

      await makeDue('removeAuditEntries', 'removeCallRecords', 'rotateSigningKey');

      await expect.poll(left, patience).toEqual({ entries: ['4 days ago'], calls: ['9-days-ago'] });
      await expect.poll(() => countWaiting('rotateSigningKey'), patience).toBe(0);
      expect(await keys()).toBe(1);
      await database.signingKey.updateMany({ data: { createdAt: daysAgo(21) } });
      await makeDue('rotateSigningKey');
      await expect.poll(keys, patience).toBe(2);
    },
  );

  // Last: its call has a record.
  it('holds calls within the limits, and as the settings say', async () => {
    const { url, demo } = platform;
    const client = await TestClient.connect(url, await userToken(platform, 'alice'));
    const { call } = await client.enter('joinRoom', { roomId: demo.room.id, media: await client.offer() });
    const tooLarge = { name: 'leaveCall', data: { callId: 'x'.repeat(20_000) } };

    expect(call.settings.aloneTimeoutSeconds).toBe(7);
    expect(await client.refusal(tooLarge)).toBe('payload_too_large');
    client.socket.disconnect();
  });
});

/** The platform looks for jobs every fifteen seconds. */
const patience = { timeout: 45_000, interval: 250 };

/** What the schedule does when it is time. */
async function makeDue(...names: string[]): Promise<void> {
  await test.database.$executeRaw`
    INSERT INTO pgboss.job (name, policy, retry_limit)
    SELECT name, policy, retry_limit FROM pgboss.queue WHERE name = ANY(${names})`;
}

/** How many of the job's runs are not done yet. */
async function countWaiting(name: string): Promise<number> {
  const rows = await test.database.$queryRaw<unknown[]>`
    SELECT 1 FROM pgboss.job WHERE name = ${name} AND state < 'completed'`;

  return rows.length;
}
