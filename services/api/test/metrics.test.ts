import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const password = 'alice-likes-long-words';
const metrics = new Registry();
let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi({ metrics });
  api.keepSecret(password);
  mine = await api.createApplication();
  await request(api.app)
    .post('/v1/users')
    .set('Authorization', mine.key)
    .send({ id: 'alice', email: 'alice@example.org', password });
});
afterAll(() => api.close());

/** The value of the sample with at least these labels; 0 while there is none. */
async function sample(name: string, labels: Record<string, string>): Promise<number> {
  const lines = (await metrics.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  const found = lines.filter((line) =>
    Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
  );

  return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** How much the sample grows while `act` runs. */
async function growth(
  name: string,
  labels: Record<string, string>,
  act: () => Promise<unknown>,
): Promise<number> {
  const before = await sample(name, labels);
  await act();

  return (await sample(name, labels)) - before;
}

const signIn = (changes: object = {}) =>
  request(api.app)
    .post('/v1/oauth/token')
    .type('form')
    .send({
      grant_type: 'password',
      client_id: mine.publicKey,
      username: 'alice@example.org',
      password,
      ...changes,
    });

describe('the metrics of the api', () => {
  it('count requests by operation and status, never by path', async () => {
    const count = 'parley_api_request_duration_seconds_count';
    const read = () => request(api.app).get('/v1/users/alice').set('Authorization', mine.key);

    expect(await growth(count, { operation: 'getUser', status: '200' }, read)).toBe(1);
    expect(
      await growth(count, { operation: 'other', status: '404' }, () => request(api.app).get('/v1/nothing')),
    ).toBe(1);
    expect(await metrics.metrics()).not.toContain('alice');
  });

  it('count tokens by what they were issued for', async () => {
    const issued = 'parley_api_tokens_issued_total';
    const issue = () =>
      request(api.app).post('/v1/users/alice/tokens').set('Authorization', mine.key).send({});

    expect(await growth(issued, { grant: 'password' }, signIn)).toBe(1);
    expect(await growth(issued, { grant: 'backend' }, issue)).toBe(1);
    expect(
      await growth(issued, { grant: 'password' }, () => signIn({ password: 'wrong-but-long-enough' })),
    ).toBe(0);
  });

  it("count refusals by code, OAuth's own among them", async () => {
    const refused = 'parley_api_refusals_total';
    const stranger = () => request(api.app).get('/v1/users/alice');

    expect(await growth(refused, { code: 'unauthenticated' }, stranger)).toBe(1);
    expect(
      await growth(refused, { code: 'invalid_grant' }, () => signIn({ password: 'wrong-but-long-enough' })),
    ).toBe(1);
  });

  it('name every grant and refusal before there is any, so that the first is a step', async () => {
    const text = await metrics.metrics();

    expect(text).toContain('parley_api_tokens_issued_total{grant="guest_link"} 0');
    expect(text).toContain('parley_api_refusals_total{code="invalid_scope"} 0');
    expect(text).toContain('parley_api_refusals_total{code="internal"} 0');
  });

  it('show the connections to the database', async () => {
    const connections = (state: string) => sample('parley_api_database_connections', { state });

    expect((await connections('busy')) + (await connections('idle'))).toBeGreaterThan(0);
    expect(await metrics.metrics()).toContain('\nparley_api_database_queries_waiting 0\n');
  });
});
