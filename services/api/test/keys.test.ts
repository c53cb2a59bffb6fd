import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
});
afterAll(() => api.close());

const keyedRoutes = [
  ['post', '/v1/users'],
  ['get', '/v1/users'],
  ['get', '/v1/users/a'],
  ['delete', '/v1/users/a'],
  ['post', '/v1/users/a/tokens'],
  ['delete', '/v1/users/a/tokens'],
  ['post', '/v1/rooms'],
  ['get', '/v1/rooms'],
  ['get', '/v1/rooms/a'],
  ['post', '/v1/rooms/a/guest-links'],
] as const;

describe('every route of backends', () => {
  it.each(keyedRoutes)('%s %s asks for a key, and for the body only after it', async (method, path) => {
    const wrongSecret = mine.key.slice(0, -1) + (mine.key.endsWith('A') ? 'B' : 'A');
    const wrongKeys = [
      undefined,
      'Bearer',
      'Bearer sk_',
      'Basic c2s6',
      `${mine.key} extra`,
      wrongSecret,
      mine.key.slice(0, -1),
    ];

    for (const key of wrongKeys) {
      const asked = request(api.app)[method](path).type('application/json');
      const answer = await (key === undefined ? asked : asked.set('Authorization', key)).send('{broken');
      expect([key, answer.status, answer.body.code]).toEqual([key, 401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it.each(keyedRoutes)('%s %s refuses a key without the right', async (method, path) => {
    const key = await mine.keyWith(['anonymous']);

    const answer = await request(api.app)[method](path).set('Authorization', key);

    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });

  it('takes a key with the right admin, which includes the others', async () => {
    const key = await mine.keyWith(['admin']);

    expect((await request(api.app).get('/v1/users').set('Authorization', key)).status).toBe(200);
  });

  it('takes both keys of an application while they are rotated, and a removed one no more', async () => {
    const next = await mine.keyWith(['provision']);
    const old = await mine.keyWith(['provision']);
    const status = async (key: string) =>
      (await request(api.app).get('/v1/users').set('Authorization', key)).status;
    expect([await status(old), await status(next)]).toEqual([200, 200]);

    await api.database.apiKey.delete({
      where: { privateKey: `key_${old.slice('Bearer sk_'.length).slice(0, 16)}` },
    });

    expect([await status(old), await status(next)]).toEqual([401, 200]);
  });

  it('stores no secret, only its hash', async () => {
    const keys = await api.database.apiKey.findMany();
    const stored = JSON.stringify(
      keys.map((key) => ({ ...key, secretHash: Buffer.from(key.secretHash).toString() })),
    );

    expect(keys.every(({ secretHash }) => secretHash.length === 32)).toBe(true);
    expect(stored).not.toContain(mine.key.slice('Bearer sk_'.length).slice(16));
  });
});
