import { userListSchema, userSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  theirs = await api.createApplication();
});
afterAll(() => api.close());

const post = (body: object, key = mine.key) =>
  request(api.app).post('/v1/users').set('Authorization', key).send(body);
const get = (path: string, key = mine.key) => request(api.app).get(path).set('Authorization', key);

describe('POST /v1/users', () => {
  it('makes a user under the id of the backend, and the sfu knows before the answer', async () => {
    const password = api.keepSecret('correct horse battery');

    const answer = await post({
      id: 'alice@example.org',
      displayName: 'Alice',
      email: 'Alice@Example.org',
      password,
    });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe('/v1/users/alice%40example.org');
    expect(userSchema.strict().parse(answer.body)).toMatchObject({
      id: 'alice@example.org',
      displayName: 'Alice',
      email: 'alice@example.org',
    });
    expect(await api.admission.user(mine.applicationId, 'alice@example.org')).toEqual({
      applicationId: mine.applicationId,
      userId: 'alice@example.org',
      displayName: 'Alice',
    });
  });

  it('makes an id and a name when there are none', async () => {
    const [one, two] = [await post({}), await post({})];

    expect(one.body.id).toMatch(/^user-[0-9a-z]{16}$/);
    expect(one.body.displayName).toBe(one.body.id);
    expect(two.body.id).not.toBe(one.body.id);
  });

  it('keeps the password as an argon2id hash only', async () => {
    const password = api.keepSecret('a password of mine');
    await post({ id: 'hashed', email: 'hashed@example.org', password });

    const row = await api.database.user.findFirst({ where: { id: 'hashed' } });

    expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses an id or e-mail address that is taken in the application, and takes it in another', async () => {
    await post({ id: 'taken', email: 'taken@example.org' });

    const [sameId, sameEmail] = [await post({ id: 'taken' }), await post({ email: 'TAKEN@example.org' })];

    expect([sameId.status, sameId.body.code]).toEqual([409, 'conflict']);
    expect([sameEmail.status, sameEmail.body.code]).toEqual([409, 'conflict']);
    expect((await post({ id: 'taken', email: 'taken@example.org' }, theirs.key)).status).toBe(201);
  });

  it.each([
    ['an id with a space', { id: 'al ice' }, '/id'],
    ['an unknown field', { name: 'Alice' }, ''],
    ['a control character', { displayName: 'Al\u0000ice' }, '/displayName'],
    ['a short password', { email: 'a@example.org', password: 'short' }, '/password'],
    ['a list', [], ''],
  ])('refuses %s and points to it', async (_case, body, pointer) => {
    const answer = await post(body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe('GET /v1/users/{id}', () => {
  it('shows a user without the hash', async () => {
    await post({ id: 'shown', displayName: 'Shown' });

    const answer = await get('/v1/users/shown');

    expect(answer.status).toBe(200);
    expect(userSchema.strict().parse(answer.body)).toMatchObject({ id: 'shown', displayName: 'Shown' });
  });

  it('knows neither an absent user nor an impossible id', async () => {
    for (const path of ['/v1/users/nobody', '/v1/users/%00', '/v1/users/a%20b']) {
      const answer = await get(path);
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'not_found']);
    }
    expect((await get('/v1/users/%E0%A4%A')).status).toBe(400);
  });
});

describe('GET /v1/users', () => {
  it('lists the application in pages that miss nobody and repeat nobody', async () => {
    const own = await api.createApplication();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) {
      await post({ id }, own.key);
    }

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '2', ...(cursor === undefined ? {} : { cursor }) });
      const page = userListSchema.parse((await get(`/v1/users?${query.toString()}`, own.key)).body);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);

    expect(seen).toEqual(ids);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=AAAA', 'page=2'])(
    'refuses the query %s',
    async (query) => {
      const answer = await get(`/v1/users?${query}`);

      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    },
  );
});

describe('DELETE /v1/users/{id}', () => {
  it('removes the user, rosters included, and voids the tokens for good', async () => {
    await post({ id: 'leaver' });
    const headers = { Authorization: mine.key };
    const issued = await request(api.app).post('/v1/users/leaver/tokens').set(headers).send({});
    const claims = await api.verify(issued.body.token);
    const room = await request(api.app)
      .post('/v1/rooms')
      .set(headers)
      .send({ roster: { leaver: 'presenter' } });

    const answer = await request(api.app).delete('/v1/users/leaver').set(headers);

    expect(answer.status).toBe(204);
    expect((await get('/v1/users/leaver')).status).toBe(404);
    expect(await api.admission.user(mine.applicationId, 'leaver')).toBeUndefined();
    expect((await api.admission.room(mine.applicationId, room.body.id))?.roster).toEqual({});
    // On record though the user is not, so that an api that starts tomorrow still knows.
    expect(await api.database.revocation.findFirst({ where: { userId: 'leaver' } })).not.toBeNull();
    expect(api.admission.revokedBefore(mine.applicationId, 'leaver')).toBeGreaterThan(claims.issuedAtMs);
  });

  it('does not find a user twice', async () => {
    await post({ id: 'once' });
    const path = '/v1/users/once';

    expect((await request(api.app).delete(path).set('Authorization', mine.key)).status).toBe(204);
    expect((await request(api.app).delete(path).set('Authorization', mine.key)).status).toBe(404);
  });
});

describe("a neighbour's key", () => {
  it('finds nothing of this application on any route of users', async () => {
    await post({ id: 'private' });
    const routes = [
      ['get', '/v1/users/private'],
      ['delete', '/v1/users/private'],
      ['post', '/v1/users/private/tokens'],
      ['delete', '/v1/users/private/tokens'],
    ] as const;

    for (const [method, path] of routes) {
      const answer = await request(api.app)[method](path).set('Authorization', theirs.key);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 404, 'not_found']);
    }
    const list = userListSchema.parse((await get('/v1/users?limit=100', theirs.key)).body);
    expect(list.items.map(({ id }) => id)).not.toContain('private');
    expect((await get('/v1/users/private')).status).toBe(200);
  });
});
