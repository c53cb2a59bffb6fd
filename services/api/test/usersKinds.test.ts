import { userListSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';
import { userRequests } from './userRequests.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
});
afterAll(() => api.close());

const withKey = (key = mine.key) => userRequests(api, key);
const post = (body: object, key?: string) => withKey(key).post(body);
const patch = (id: string, body: object, key?: string) => withKey(key).patch(id, body);
const remove = (id: string, key?: string) => withKey(key).remove(id);
const get = (path: string, key?: string) => withKey(key).get(path);

describe('the kinds of users', () => {
  it('are listed one at a time, provisioned users unless another is named', async () => {
    const own = await api.createApplication();
    const { applicationId } = own;
    await post({ id: 'provisioned' }, own.key);
    await api.database.user.createMany({
      data: (['anonymous', 'guest'] as const).map((kind) => ({
        applicationId,
        id: `a-${kind}`,
        kind,
        displayName: kind,
      })),
    });

    const lists = await Promise.all(
      ['', '?kind=user', '?kind=anonymous', '?kind=guest'].map((query) => get(`/v1/users${query}`, own.key)),
    );

    expect(lists.map(({ body }) => userListSchema.parse(body).items.map(({ id }) => id))).toEqual([
      ['provisioned'],
      ['provisioned'],
      ['a-anonymous'],
      ['a-guest'],
    ]);
  });

  it('that came by themselves are neither changed nor given credentials, but can be deleted', async () => {
    const { applicationId } = mine;
    await api.database.user.create({
      data: { applicationId, id: 'visitor', kind: 'anonymous', displayName: 'Visitor' },
    });

    const refused = [
      await patch('visitor', { phoneNumbers: ['+15550130'] }),
      await request(api.app).post('/v1/users/visitor/tokens').set('Authorization', mine.key).send({}),
      await request(api.app)
        .post('/v1/users/visitor/tokens')
        .set({ Authorization: mine.key, 'Idempotency-Key': 'for-a-visitor' })
        .send({}),
      await request(api.app).post('/v1/users/visitor/access-tokens').set('Authorization', mine.key).send({}),
    ];

    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [409, 'invalid_state']),
    );
    expect(await api.database.auditEntry.count({ where: { target: { startsWith: 'users/visitor' } } })).toBe(
      0,
    );
    expect((await remove('visitor')).status).toBe(204);
  });
});

describe('administrators', () => {
  it('are made and managed with the right admin only', async () => {
    const adminKey = await mine.keyWith(['provision', 'admin']);
    const made = await post({ id: 'chief', email: 'chief@example.org', admin: true }, adminKey);
    expect([made.status, made.body.admin]).toEqual([201, true]);
    await post({ id: 'clerk' });
    const as = (key: string) => {
      const send = (method: 'post' | 'delete', path: string) =>
        request(api.app)[method](path).set('Authorization', key).send({});

      return [
        () => post({ admin: true }, key),
        () => patch('clerk', { admin: true }, key),
        () => patch('chief', { displayName: 'Chief' }, key),
        () => patch('chief', { password: 'correct horse' }, key),
        () => patch('chief', { email: 'mallory@example.org' }, key),
        () => send('post', '/v1/users/chief/tokens'),
        () => send('post', '/v1/users/chief/tokens').set('Idempotency-Key', 'for-the-chief'),
        () => send('post', '/v1/users/chief/access-tokens'),
        () => send('delete', '/v1/users/chief/tokens'),
        () => remove('chief', key),
      ];
    };

    for (const ask of as(mine.key)) {
      const { status, body } = await ask();
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    for (const ask of as(adminKey)) {
      const { status, body } = await ask();
      api.keepSecret(body.token ?? body.accessToken ?? 'none');
      expect(status).toBeLessThan(300);
    }
  });
});
