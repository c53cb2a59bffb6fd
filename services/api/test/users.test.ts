import { createdUserSchema, userListSchema, userSchema } from '@parley/protocol/rest';
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
const patch = (id: string, body: object, key = mine.key) =>
  request(api.app).patch(`/v1/users/${id}`).set('Authorization', key).send(body);
const remove = (id: string, key = mine.key) =>
  request(api.app).delete(`/v1/users/${id}`).set('Authorization', key);
const get = (path: string, key = mine.key) => request(api.app).get(path).set('Authorization', key);

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
    ['an unknown field', { name: 'Alice' }, ''],
    ['a control character', { displayName: 'Al\u0000ice' }, '/displayName'],
    ['a short password', { email: 'a@example.org', password: 'short' }, '/password'],
    ['a list', [], ''],
    ['a password without an e-mail address', { password: 'long enough' }, '/password'],
    ['a number that is not E.164', { phoneNumbers: ['555 0100'] }, '/phoneNumbers/0'],
    ['the same number twice', { phoneNumbers: ['+15550120', '+15550120'] }, '/phoneNumbers'],
    ['metadata of more than 4 KB', { metadata: { text: 'x'.repeat(4096) } }, '/metadata'],
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

describe('PATCH /v1/users/{id}', () => {
  it('changes what is named and leaves the rest, and the sfu knows before the answer', async () => {
    await post({ id: 'dora', displayName: 'Dora', phoneNumbers: ['+15550140'], metadata: { a: 1, b: 2 } });

    const answer = await patch('dora', { phoneNumbers: ['+15550141'], metadata: { c: 3 } });

    expect(answer.status).toBe(200);
    expect(userSchema.strict().parse(answer.body)).toMatchObject({
      displayName: 'Dora',
      phoneNumbers: ['+15550141'],
      metadata: { c: 3 },
    });
    expect(answer.body).toEqual((await get('/v1/users/dora')).body);
    const { applicationId } = mine;
    expect(await api.admission.userOfNumber(applicationId, '+15550140')).toBeUndefined();
    expect((await api.admission.userOfNumber(applicationId, '+15550141'))?.displayName).toBe('Dora');
    await patch('dora', { displayName: 'Dorothea' });
    expect((await api.admission.user(applicationId, 'dora'))?.displayName).toBe('Dorothea');
  });

  it('takes null for what is to go, and the name becomes the id', async () => {
    await post({
      id: 'bare-soon',
      displayName: 'Full',
      email: 'full@example.org',
      phoneNumbers: ['+15550150'],
      metadata: { a: 1 },
      password: 'correct horse',
    });

    const { status, body } = await patch('bare-soon', {
      displayName: null,
      email: null,
      phoneNumbers: null,
      metadata: null,
      password: null,
      admin: null,
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'bare-soon',
      kind: 'user',
      displayName: 'bare-soon',
      phoneNumbers: [],
      hasPassword: false,
      admin: false,
      createdAt: expect.any(String),
    });
  });

  it('leaves nobody with a password and no address to sign in with', async () => {
    await post({ id: 'signer', email: 'signer@example.org', password: 'correct horse' });
    await post({ id: 'nameless' });

    const [withoutEmail, withoutAddress] = [
      await patch('signer', { email: null }),
      await patch('nameless', { password: 'correct horse' }),
    ];

    expect([withoutEmail.status, withoutEmail.body.errors[0].pointer]).toEqual([400, '/email']);
    expect([withoutAddress.status, withoutAddress.body.errors[0].pointer]).toEqual([400, '/password']);
    expect((await get('/v1/users/signer')).body).toMatchObject({ email: 'signer@example.org' });
  });

  it('says what is taken by somebody else, and changes nothing then', async () => {
    await post({ id: 'holder', email: 'holder@example.org', phoneNumbers: ['+15550160'] });
    await post({ id: 'wisher', displayName: 'Wisher' });

    const answers = [
      await patch('wisher', { displayName: 'x', email: 'holder@example.org' }),
      await patch('wisher', { displayName: 'x', phoneNumbers: ['+15550160'] }),
    ];

    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual([
      [409, 'Another user has this e-mail address.'],
      [409, 'Another user has one of these telephone numbers.'],
    ]);
    expect((await get('/v1/users/wisher')).body).toMatchObject({ displayName: 'Wisher', phoneNumbers: [] });
  });

  it('ends the sign-ins of a user whose password or rank changes, and only then', async () => {
    const { applicationId } = mine;
    const adminKey = await mine.keyWith(['provision', 'admin']);
    await post({ id: 'ranked', email: 'ranked@example.org', password: 'correct horse' });
    const changes = [
      [{ displayName: 'Ranked' }, false],
      [{ admin: false }, false],
      [{ password: 'battery staple' }, true],
      [{ admin: true }, true],
      [{ admin: null }, true],
    ] as const;

    for (const [index, [change, ends]] of changes.entries()) {
      const grantId = `sign-in-${index}`;
      const issuedAtMs = Date.now();
      await api.database.refreshGrant.create({
        data: {
          id: grantId,
          applicationId,
          userId: 'ranked',
          clientId: 'pk_test',
          scope: 'calls',
          expiresAt: new Date(issuedAtMs + 60_000),
        },
      });

      expect((await patch('ranked', change, adminKey)).status).toBe(200);

      const grant = await api.database.refreshGrant.findUnique({ where: { id: grantId } });
      expect([change, grant?.revokedAt !== null]).toEqual([change, ends]);
      const token = { applicationId, userId: 'ranked', issuedAtMs };
      expect(api.admission.isRevoked({ ...token, grantId })).toBe(ends);
      expect(api.admission.isRevoked({ ...token, grantId: 'of the backend' })).toBe(false);
    }
  });

  it('does not find a user there is not', async () => {
    expect((await patch('nobody', { displayName: 'x' })).status).toBe(404);
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
    expect(await api.database.revocation.findFirst({ where: { subjectId: 'leaver' } })).not.toBeNull();
    const { applicationId, grantId, issuedAtMs } = claims;
    expect(api.admission.isRevoked({ applicationId, userId: 'leaver', grantId, issuedAtMs })).toBe(true);
  });

  it('keeps the call records and takes the name out of them', async () => {
    const { applicationId } = mine;
    await post({ id: 'talker', displayName: 'Talker' });
    const part = {
      id: 'part',
      userId: 'talker',
      displayName: 'Talker',
      kind: 'user',
      role: 'presenter',
    } as const;
    const other = { ...part, id: 'other', userId: 'listener', displayName: 'Listener' };
    await api.database.callRecord.create({
      data: {
        applicationId,
        id: 'call-1',
        kind: 'direct',
        nodeId: 'node',
        startedAt: new Date(),
        participants: { create: [part, other].map((one) => ({ ...one, joinedAt: new Date() })) },
      },
    });

    await remove('talker');

    const records = await api.database.participantRecord.findMany({
      where: { applicationId, callId: 'call-1' },
      orderBy: { id: 'asc' },
    });
    expect(records.map(({ id, userId, displayName }) => [id, userId, displayName])).toEqual([
      ['other', 'listener', 'Listener'],
      ['part', null, null],
    ]);
  });

  it('takes the access tokens, sign-ins and kept answers along', async () => {
    const { applicationId } = mine;
    const retry = () =>
      post({ id: 'forgotten', displayName: 'Forget Me' }).set('Idempotency-Key', 'forgotten');
    await retry();
    const { body } = await request(api.app)
      .post('/v1/users/forgotten/access-tokens')
      .set('Authorization', mine.key)
      .send({});
    const accessToken = api.keepSecret(body.accessToken);
    await api.database.refreshGrant.create({
      data: {
        id: 'grant-of-forgotten',
        applicationId,
        userId: 'forgotten',
        clientId: 'pk_test',
        scope: 'calls',
        expiresAt: new Date(Date.now() + 60_000),
      },
    });

    await remove('forgotten');

    expect(await api.database.refreshGrant.count({ where: { userId: 'forgotten' } })).toBe(0);
    const exchanged = await request(api.app).post('/v1/sessions').send({ accessToken });
    expect([exchanged.status, exchanged.body.code]).toEqual([401, 'unauthenticated']);
    expect(await api.database.idempotentAnswer.count({ where: { key: 'forgotten' } })).toBe(0);
    expect((await retry()).headers['idempotency-replayed']).toBeUndefined();
  });

  it('leaves the tokens of a user made anew under the same id valid', async () => {
    await post({ id: 'phoenix' });
    await remove('phoenix');
    const { body } = await post({ id: 'phoenix', issueToken: true });

    const { applicationId, grantId, issuedAtMs } = await api.verify(api.keepSecret(body.token.token));

    expect(api.admission.isRevoked({ applicationId, userId: 'phoenix', grantId, issuedAtMs })).toBe(false);
  });

  it('and a change of a roster do not wait for each other', async () => {
    const headers = { Authorization: mine.key };
    const make = async (): Promise<string> =>
      (await request(api.app).post('/v1/rooms').set(headers).send({})).body.id;
    const rooms = [await make(), await make()];
    for (const round of [1, 2, 3]) {
      const id = `mover-${round}`;
      await post({ id });
      await Promise.all(
        rooms.map((room) =>
          request(api.app)
            .patch(`/v1/rooms/${room}`)
            .set(headers)
            .send({ roster: { [id]: 'attendee' } }),
        ),
      );

      const [deleted, ...changed] = await Promise.all([
        remove(id),
        ...rooms.map((room) =>
          request(api.app)
            .patch(`/v1/rooms/${room}`)
            .set(headers)
            .send({ roster: { [id]: 'presenter' } }),
        ),
      ]);

      expect(deleted?.status).toBe(204);
      // After the deletion there is no such user to put on a roster.
      expect(changed.every(({ status }) => [200, 400].includes(status))).toBe(true);
      const published = await Promise.all(rooms.map((room) => api.admission.room(mine.applicationId, room)));
      expect(published.map((room) => Object.keys(room?.roster ?? { gone: 1 }))).toEqual([[], []]);
    }
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
