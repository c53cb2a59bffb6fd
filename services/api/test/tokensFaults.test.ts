import { systemClock } from '@parley/kit';
import { Relay } from '@parley/test-kit';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TokenRecorder, type TokenIssue } from '../src/tokens/TokenRecorder.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let relay: Relay;

beforeEach(async () => {
  api = await startTestApi({
    reachDatabase: async (url) => {
      relay = await Relay.to(url);

      return relay.url;
    },
  });
  mine = await api.createApplication();
  await request(api.app).post('/v1/users').set('Authorization', mine.key).send({ id: 'alice' });
});
afterEach(async () => {
  await api.close();
  await relay.cut();
});

async function issue() {
  const startedAt = performance.now();
  const { status, body, headers } = await request(api.app)
    .post('/v1/users/alice/tokens')
    .set('Authorization', mine.key)
    .send({});
  api.keepSecret(body.token ?? 'none issued');

  return { status, code: body.code, retryAfter: headers['retry-after'], ms: performance.now() - startedAt };
}

const issueOf = (userId: string): TokenIssue => ({
  applicationId: mine.applicationId,
  userId,
  mayServeAdministrators: false,
  actor: { kind: 'key', id: 'key_test' },
  source: { address: '127.0.0.1', requestId: 'request' },
});

describe('issuing tokens', () => {
  it.each([
    { loss: 'gone', lose: () => relay.cut(), restore: () => relay.join() },
    { loss: 'silent', lose: async () => relay.freeze(), restore: async () => relay.thaw() },
  ])(
    'fails for everybody within two seconds while the database is $loss, and recovers',
    async ({ lose, restore }) => {
      expect((await issue()).status).toBe(201);

      await lose();
      const answers = await Promise.all(Array.from({ length: 30 }, () => issue()));

      expect(answers.map(({ status, code }) => [status, code])).toEqual(
        answers.map(() => [503, 'unavailable']),
      );
      expect(answers.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
      expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_000);
      await restore();
      expect((await issue()).status).toBe(201);
    },
  );
});

describe('TokenRecorder', () => {
  it('takes no more when thousands wait, and fails all of those with the database', async () => {
    const recorder = new TokenRecorder(api.database, systemClock);
    await relay.cut();
    // The first five hundred are being written while the others wait.
    const waiting = Array.from({ length: 5_500 }, () => recorder.record(issueOf('alice')));

    const oneMore = recorder.record(issueOf('alice'));

    await expect(oneMore).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    await recorder.close();
  });

  it('closes when the last one is on record', async () => {
    const recorder = new TokenRecorder(api.database, systemClock);
    let recorded = 0;
    const records = ['alice', 'nobody', 'alice'].map(async (userId) => {
      const found = await recorder.record(issueOf(userId));
      recorded += 1;

      return found?.displayName;
    });

    await recorder.close();

    expect(recorded).toBe(3);
    expect(await Promise.all(records)).toEqual(['alice', undefined, 'alice']);
  });
});
