import { createdUserSchema, userListSchema, userSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';
import { userRequests } from './userRequests.ts';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  theirs = await api.createApplication();
});
afterAll(() => api.close());

const withKey = (key = mine.key) => userRequests(api, key);
const post = (body: object, key?: string) => withKey(key).post(body);
const get = (path: string, key?: string) => withKey(key).get(path);

describe('POST /v1/users', () => {
  it('makes a user under the id of the backend, and the sfu knows before the answer', async () => {
    const password = api.keepSecret('correct horse battery');

    const answer = await post({
      id: 'alice@example.org',
      displayName: 'Alice',
      email: 'Alice@Example.org',
      phoneNumbers: ['+15550101', '+15550100'],
      metadata: { team: 'red', since: [2019, null] },
      password,
    });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe('/v1/users/alice%40example.org');
    expect(userSchema.strict().parse(answer.body)).toEqual({
      id: 'alice@example.org',
      kind: 'user',
      displayName: 'Alice',
      email: 'alice@example.org',
      phoneNumbers: ['+15550100', '+15550101'],
      metadata: { team: 'red', since: [2019, null] },
      hasPassword: true,
      admin: false,
      createdAt: expect.any(String),
    });
    expect(await api.admission.user(mine.applicationId, 'alice@example.org')).toEqual({
      applicationId: mine.applicationId,
      userId: 'alice@example.org',
      displayName: 'Alice',
      phoneNumbers: ['+15550100', '+15550101'],
    });
    expect((await get('/v1/users/alice@example.org')).body).toEqual(answer.body);
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

  it('refuses what is taken in the application and says what it is, and takes it in another', async () => {
    const taken = { id: 'taken', email: 'taken@example.org', phoneNumbers: ['+15550110'] };
    await post(taken);

    const answers = [
      await post({ id: 'taken' }),
      await post({ email: 'TAKEN@example.org' }),
      await post({ phoneNumbers: ['+15550111', '+15550110'] }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual([
      [409, 'conflict', 'There is a user of this id already.'],
      [409, 'conflict', 'Another user has this e-mail address.'],
      [409, 'conflict', 'Another user has one of these telephone numbers.'],
    ]);
    expect((await api.admission.userOfNumber(mine.applicationId, '+15550110'))?.userId).toBe('taken');
    expect((await post(taken, theirs.key)).status).toBe(201);
  });

  it('answers the first tokens along with the user, when they are asked for', async () => {
    const { status, body } = await post({ id: 'equipped', issueToken: true, issueAccessToken: true });

    expect(status).toBe(201);
    const { token, accessToken } = createdUserSchema.strict().parse(body);
    const claims = await api.verify(api.keepSecret(token?.token ?? ''));
    expect(claims).toMatchObject({ scopes: ['calls'], identity: { userId: 'equipped', kind: 'user' } });
    const session = await request(api.app)
      .post('/v1/sessions')
      .send({ accessToken: api.keepSecret(accessToken?.accessToken ?? '') });
    expect([session.status, session.body.userId]).toEqual([201, 'equipped']);
    api.keepSecret(session.body.token);
    expect(Object.keys((await post({ id: 'bare' })).body)).not.toContain('token');
  });

  it.each([
    ['an id with a space', { id: 'al ice' }, '/id'],
    ['an id that is a telephone number', { id: '+15550100' }, '/id'],
    ['an unknown field', { name: 'Alice' }, '/name'],
    ['a control character', { displayName: 'Al\u0000ice' }, '/displayName'],
    ['a short password', { email: 'a@example.org', password: 'short' }, '/password'],
    ['a list', [], ''],
    ['a password without an e-mail address', { password: 'long enough' }, '/password'],
    ['a number that is not E.164', { phoneNumbers: ['555 0100'] }, '/phoneNumbers/0'],
    ['the same number twice', { phoneNumbers: ['+15550120', '+15550120'] }, '/phoneNumbers'],
    ['metadata of more than 4 KB', { metadata: { text: 'x'.repeat(4096) } }, '/metadata'],
    ['metadata that PostgreSQL cannot keep', { metadata: { list: [{ text: '\ud800' }] } }, '/metadata'],
    [
      'metadata under a key that PostgreSQL cannot keep',
      { metadata: { inner: { 'a\udc00': 1 } } },
      '/metadata',
    ],
    ['a NUL in metadata', { metadata: { text: 'a\0' } }, '/metadata'],
    ['half of a surrogate pair', { displayName: '\ud800' }, '/displayName'],
    [
      'a key of metadata that would be lost',
      { metadata: { list: [JSON.parse('{"__proto__":1}')] } },
      '/metadata/list/0/__proto__',
    ],
  ])('refuses %s and points to it', async (_case, body, pointer) => {
    const answer = await post(body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

it('metadata that only speaks of U+0000 is kept', async () => {
  const metadata = { text: String.raw`\u0000 and \ud800`, zoë: '🎉' };

  const answer = await post({ id: 'speaker', metadata });

  expect([answer.status, answer.body.metadata]).toEqual([201, metadata]);
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
