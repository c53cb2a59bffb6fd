import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const password = 'the right long password';
const username = 'victim@example.org';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ trustedProxies: ['loopback'] });
  api.keepSecret(password);
});
afterAll(() => api.close());
// Windows are counted by the machine's clock; its timers stay real.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: false }));
afterEach(() => vi.useRealTimers());

/** An application with one user who may fail `failedSignIns` times at an address. */
async function withVictim(failedSignIns: number): Promise<TestApplication> {
  const application = await api.createApplication({ failedSignIns, signInsPerMinute: 1_000 });
  await request(api.app)
    .post('/v1/users')
    .set('Authorization', application.key)
    .send({ id: 'victim', email: username, password });

  return application;
}

const signIn = (
  { publicKey }: TestApplication,
  from: string,
  fields: { username?: string; password?: string } = {},
) =>
  request(api.app)
    .post('/v1/oauth/token')
    .type('form')
    .set('X-Forwarded-For', from)
    .send({ grant_type: 'password', client_id: publicKey, username, password, ...fields });
const guess = (application: TestApplication, from: string, name = username) =>
  signIn(application, from, { username: name, password: 'guess' });

/** Spends what all addresses together have: ten of them, each as often as it may. */
async function attack(application: TestApplication, failedSignIns: number): Promise<void> {
  for (let address = 1; address <= 10; address += 1) {
    for (let attempt = 0; attempt < failedSignIns; attempt += 1) {
      expect((await guess(application, `198.51.100.${address}`)).status).toBe(400);
    }
  }
}

describe('guessing passwords', () => {
  it('ends after a few failures at one address, with the time to wait, whether there is such a user or not', async () => {
    const application = await withVictim(2);

    for (const name of [username, 'nobody@example.org']) {
      await guess(application, '192.0.2.1', name);
      await guess(application, '192.0.2.1', name.toUpperCase());
      const refused = await guess(application, '192.0.2.1', name);
      expect([refused.status, refused.body.error]).toEqual([429, 'temporarily_unavailable']);
      expect(refused.headers['ratelimit']).toMatch(/^"signInTurns";r=0;/);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    }
    // Whoever signs in from another address, or as somebody else, hears nothing of it.
    expect((await signIn(application, '192.0.2.2')).status).toBe(200);
    expect((await guess(application, '192.0.2.1', 'other@example.org')).status).toBe(400);
  });

  it('does not look at the right password either, once an address has guessed too often', async () => {
    const application = await withVictim(2);
    await guess(application, '192.0.2.1');
    await guess(application, '192.0.2.1');

    expect((await signIn(application, '192.0.2.1')).status).toBe(429);
  });

  it('gets no further in a burst', async () => {
    const application = await withVictim(2);

    const answers = await Promise.all(Array.from({ length: 8 }, () => guess(application, '192.0.2.1')));

    expect(answers.filter(({ status }) => status === 400)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(6);
  });

  it('does not lock the user out of the address where it goes on: they get in when it is their turn', async () => {
    const application = await withVictim(2);
    for (let round = 0; round < 3; round += 1) {
      await guess(application, '192.0.2.1');
    }
    const statuses: number[] = [];

    // The stranger keeps asking, has every turn but the fourth, and is refused between them.
    for (const attempt of ['guess', 'guess', 'guess', password]) {
      expect((await guess(application, '192.0.2.1')).status).toBe(429);
      const { headers } = await signIn(application, '192.0.2.1');
      vi.setSystemTime(Date.now() + Number(headers['retry-after']) * 1_000);
      statuses.push((await signIn(application, '192.0.2.1', { password: attempt })).status);
    }

    expect(statuses).toEqual([400, 400, 400, 200]);
  });

  it('is no faster for who waits: one guess a minute', async () => {
    const application = await withVictim(2);
    let looked = 0;
    const startedAt = Date.now();
    while (Date.now() - startedAt < 10 * 60_000) {
      looked += (await guess(application, '192.0.2.1')).status === 400 ? 1 : 0;
      vi.setSystemTime(Date.now() + 15_000);
    }

    // Two at once, and then nine turns in ten minutes.
    expect(looked).toBe(11);
  });

  it('is forgiven at the address where the right password comes in time', async () => {
    const application = await withVictim(2);
    const statuses: number[] = [];

    for (const attempt of ['wrong', password, 'wrong', password, 'wrong']) {
      statuses.push((await signIn(application, '192.0.2.1', { password: attempt })).status);
    }

    expect(statuses).toEqual([400, 200, 400, 200, 400]);
  });

  it('counts the addresses of one household together', async () => {
    const application = await withVictim(2);
    await guess(application, '2001:db8:1:2::1');
    await guess(application, '2001:db8:1:2:ffff::2');

    expect((await guess(application, '2001:db8:1:2::3')).status).toBe(429);
    expect((await guess(application, '2001:db8:1:3::1')).status).toBe(400);
  });

  it('from many addresses leaves each of them a trickle', async () => {
    const application = await withVictim(5);
    await attack(application, 5);

    const fresh = '203.0.113.1';
    const statuses = [(await guess(application, fresh)).status, (await guess(application, fresh)).status];

    expect(statuses).toEqual([400, 429]);
    vi.setSystemTime(Date.now() + 299_000);
    expect((await guess(application, fresh)).status).toBe(429);
    vi.setSystemTime(Date.now() + 1_000);
    expect((await guess(application, fresh)).status).toBe(400);
    // Other users of the application are not concerned.
    expect((await guess(application, fresh, 'other@example.org')).status).toBe(400);
    expect((await guess(application, fresh, 'other@example.org')).status).toBe(400);
  });

  it('never keeps the user out while strangers go on guessing elsewhere', async () => {
    const application = await withVictim(5);
    await attack(application, 5);

    for (let round = 1; round <= 3; round += 1) {
      await guess(application, `203.0.113.${round}`);
      expect((await signIn(application, '192.0.2.7')).status).toBe(200);
    }
  });

  it('is not made easier by the user’s own signing in', async () => {
    const application = await withVictim(5);
    await attack(application, 5);
    await signIn(application, '192.0.2.7').expect(200);

    const statuses = [
      (await guess(application, '203.0.113.9')).status,
      (await guess(application, '203.0.113.9')).status,
    ];

    expect(statuses).toEqual([400, 429]);
  });

  it('is limited from one address over all users', async () => {
    const application = await api.createApplication({ signInsPerMinute: 3 });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      statuses.push((await guess(application, '192.0.2.1', `user${attempt}@example.org`)).status);
    }

    expect(statuses).toEqual([400, 400, 400, 429]);
    expect((await guess(application, '192.0.2.2')).status).toBe(400);
  });
});
