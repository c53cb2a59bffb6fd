import { limitsWith } from '@parley/protocol';
import { applicationListSchema, applicationSchema, type Application } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const post = (path: string, body: object, key = api.operatorKey) =>
  request(api.app).post(path).set('Authorization', key).send(body);
const get = (path: string, key = api.operatorKey) => request(api.app).get(path).set('Authorization', key);
const patch = (path: string, body: object, key = api.operatorKey) =>
  request(api.app).patch(path).set('Authorization', key).send(body);
const remove = (path: string, key = api.operatorKey) =>
  request(api.app).delete(path).set('Authorization', key);

async function makeApplication(body: object = {}): Promise<Application & { path: string }> {
  const answer = await post('/v1/applications', { name: 'Test', ...body });

  return { ...applicationSchema.parse(answer.body), path: `/v1/applications/${answer.body.id}` };
}

/** The value of the Authorization header, of a key made by the operator. */
async function makeKey(path: string, rights: string[]): Promise<string> {
  const { body } = await post(`${path}/keys`, { name: 'Backend', rights });

  return `Bearer ${api.keepSecret(body.secret)}`;
}

describe('POST /v1/applications', () => {
  it('makes an application that can be used at once, with nothing but the operator key', async () => {
    const answer = await post('/v1/applications', { name: 'Acme' });

    expect(answer.status).toBe(201);
    const application = applicationSchema.strict().parse(answer.body);
    expect(application).toMatchObject({
      name: 'Acme',
      allowedOrigins: [],
      limits: limitsWith(),
      contacts: false,
    });
    expect(application.id).toMatch(/^app-[0-9a-z]{16}$/);
    expect(application.publicKey).toMatch(/^pk_[0-9a-z]{24}$/);
    expect(answer.headers['location']).toBe(`/v1/applications/${application.id}`);
    const key = await makeKey(`/v1/applications/${application.id}`, ['provision']);
    expect((await post('/v1/users', { id: 'alice' }, key)).status).toBe(201);
  });

  it('takes id, origins, limits and switches, and the sfu knows of them before the answer', async () => {
    const answer = await post('/v1/applications', {
      id: 'acme',
      name: 'Acme',
      allowedOrigins: ['https://portal.acme.example', 'http://localhost:*'],
      limits: { callsPerDevice: 3 },
      callSettings: { whenBusy: 'refuse' },
      contacts: true,
    });

    expect(answer.body).toMatchObject({
      id: 'acme',
      contacts: true,
      limits: limitsWith({ callsPerDevice: 3 }),
      callSettings: { whenBusy: 'refuse' },
    });
    expect(await api.admission.application('acme')).toEqual({
      applicationId: 'acme',
      allowedOrigins: ['https://portal.acme.example', 'http://localhost:*'],
      anonymousDestinations: [],
      limits: limitsWith({ callsPerDevice: 3 }),
      callSettings: { whenBusy: 'refuse' },
    });
  });

  it('refuses an id that is taken', async () => {
    const { id } = await makeApplication();

    const answer = await post('/v1/applications', { id, name: 'Other' });

    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    expect((await get(`/v1/applications/${id}`)).body.name).toBe('Test');
  });

  it.each([
    [{}],
    [{ name: '' }],
    [{ name: 'A', id: 'Upper' }],
    [{ name: 'A', id: '-a' }],
    [{ name: 'A', limits: { callsPerDevice: 0 } }],
    [{ name: 'A', limits: { callsPerDevice: 1e12 } }],
    [{ name: 'A', limits: { unknown: 1 } }],
    [{ name: 'A', callSettings: { unknown: 1 } }],
    [{ name: 'A', callSettings: { ringingTimeoutSeconds: 4 } }],
    [{ name: 'A', callSettings: { rulesOff: ['gravity'] } }],
    [{ name: 'A', allowedOrigins: ['https://a.example/'] }],
    [{ name: 'A', allowedOrigins: ['*'] }],
  ])('refuses %j', async (body) => {
    const answer = await post('/v1/applications', body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('GET /v1/applications', () => {
  it('lists every one for the operator, page by page', async () => {
    const made = [await makeApplication(), await makeApplication(), await makeApplication()];
    const seen: string[] = [];
    let query = '?limit=2';
    while (query !== '') {
      const page = applicationListSchema.parse((await get(`/v1/applications${query}`)).body);
      seen.push(...page.items.map(({ id }) => id));
      query = page.nextCursor === undefined ? '' : `?limit=2&cursor=${page.nextCursor}`;
    }

    expect(seen).toEqual([...new Set(seen)].toSorted());
    expect(seen).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
  });

  it('shows one to the operator and to its own administrators', async () => {
    const { path, ...application } = await makeApplication();

    for (const key of [api.operatorKey, await makeKey(path, ['admin'])]) {
      expect((await get(path, key)).body).toEqual(application);
    }
  });

  it.each(['app-none', 'NO SUCH'])('knows no "%s"', async (id) => {
    const answer = await get(`/v1/applications/${encodeURIComponent(id)}`);

    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });
});

describe('PATCH /v1/applications/{applicationId}', () => {
  it('changes what is named, restores with null, and publishes it before the answer', async () => {
    const { id, path } = await makeApplication({
      allowedOrigins: ['https://a.example'],
      contacts: true,
      limits: { callsPerDevice: 3, connectionsPerUser: 4 },
    });

    const first = await patch(path, { name: 'New', limits: { callsPerDevice: null, requestsPerMinute: 7 } });

    const limits = limitsWith({ connectionsPerUser: 4, requestsPerMinute: 7 });
    expect(first.status).toBe(200);
    expect(applicationSchema.strict().parse(first.body)).toMatchObject({
      name: 'New',
      allowedOrigins: ['https://a.example'],
      contacts: true,
      limits,
    });
    expect(await api.admission.application(id)).toMatchObject({ limits });

    const second = await patch(path, { allowedOrigins: null, contacts: null, limits: null });

    expect(second.body).toMatchObject({ allowedOrigins: [], contacts: false, limits: limitsWith() });
    expect(await api.admission.application(id)).toMatchObject({ allowedOrigins: [], limits: limitsWith() });
    expect((await get(path)).body).toEqual(second.body);
  });

  it('changes how calls behave, one setting at a time, and publishes it before the answer', async () => {
    const { id, path } = await makeApplication();
    await patch(path, { callSettings: { ringingTimeoutSeconds: 30, reconnectSeconds: 45 } });

    const second = await patch(path, {
      callSettings: { ringingTimeoutSeconds: null, rulesOff: ['priorities'] },
    });

    const callSettings = { reconnectSeconds: 45, rulesOff: ['priorities'] };
    expect(applicationSchema.strict().parse(second.body)).toMatchObject({ callSettings });
    expect((await api.admission.application(id))?.callSettings).toEqual(callSettings);

    await patch(path, { callSettings: null });

    expect((await get(path)).body.callSettings).toEqual({});
    expect((await api.admission.application(id))?.callSettings).toEqual({});
  });

  it('leaves out a setting that a later version no longer knows, and keeps the others', async () => {
    const { id, path } = await makeApplication();
    await api.database.application.update({
      where: { id },
      data: { callSettings: { gone: 1, reconnectSeconds: 'soon', loudestHeard: 4 } },
    });

    expect((await get(path)).body.callSettings).toEqual({ loudestHeard: 4 });
  });

  it('lets an administrator change all but the limits', async () => {
    const { path } = await makeApplication();
    const key = await makeKey(path, ['admin']);

    expect((await patch(path, { allowedOrigins: ['https://b.example'] }, key)).body.allowedOrigins).toEqual([
      'https://b.example',
    ]);
    for (const limits of [{ requestsPerMinute: 1_000_000 }, {}, null]) {
      const answer = await patch(path, { name: 'Sly', limits }, key);
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
    expect((await get(path)).body).toMatchObject({ name: 'Test', limits: limitsWith() });
  });

  it('holds for the very next request: limits, and origins of pages', async () => {
    const { path } = await makeApplication({ allowedOrigins: ['https://old.example'] });
    const key = await makeKey(path, ['provision']);
    const from = (origin: string) => get('/v1/rooms', key).set('Origin', origin);
    expect((await from('https://old.example')).status).toBe(200);

    await patch(path, { allowedOrigins: ['https://new.example'], limits: { requestsPerMinute: 3 } });

    expect((await from('https://old.example')).status).toBe(403);
    expect((await from('https://new.example')).status).toBe(200);
    expect((await from('https://new.example')).status).toBe(429);
  });

  it('loses no change of two that come at once', async () => {
    const { id, path } = await makeApplication();

    await Promise.all([
      patch(path, { limits: { callsPerDevice: 3 } }),
      patch(path, { limits: { connectionsPerUser: 4 } }),
    ]);

    const limits = limitsWith({ callsPerDevice: 3, connectionsPerUser: 4 });
    expect((await get(path)).body.limits).toEqual(limits);
    expect((await api.admission.application(id))?.limits).toEqual(limits);
  });
});

describe('DELETE /v1/applications/{applicationId}', () => {
  /** An application with a user, a room, a guest link and tokens of both kinds. */
  async function inhabited() {
    const application = await makeApplication();
    const key = await makeKey(application.path, ['provision', 'admin']);
    await post('/v1/users', { id: 'alice', phoneNumbers: ['+4930123456'] }, key);
    const { body: room } = await post('/v1/rooms', { roster: { alice: 'presenter' } }, key);
    const { body: link } = await post(`/v1/rooms/${room.id}/guest-links`, {}, key);
    const code = api.keepSecret(new URL(link.url).hash.slice(1));
    const { body: issued } = await post('/v1/users/alice/tokens', {}, key);
    const { body: session } = await request(api.app)
      .post('/v1/guest-sessions')
      .send({ code, displayName: 'Visitor' });
    const tokens = [issued.token, session.token].map((token: string) => api.keepSecret(token));
    const isRevoked = async () =>
      Promise.all(
        tokens.map(async (token) => {
          const { identity, ...claims } = await api.verify(token);

          return api.admission.isRevoked({ ...claims, userId: identity.userId });
        }),
      );

    return { ...application, key, roomId: room.id as string, code, tokens, isRevoked };
  }

  it('leaves nothing that works: keys, tokens, links, rooms and users are gone', async () => {
    const gone = await inhabited();
    const heard: string[] = [];
    const stopListening = api.admission.onRoomChanged(({ roomId, room }) =>
      heard.push(`${roomId} ${room === undefined ? 'deleted' : 'put'}`),
    );

    const answer = await remove(gone.path);
    stopListening();

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await gone.isRevoked()).toEqual([true, true]);
    expect(heard).toEqual([`${gone.roomId} deleted`]);
    expect(await api.admission.application(gone.id)).toBeUndefined();
    expect(await api.admission.user(gone.id, 'alice')).toBeUndefined();
    expect(await api.admission.userOfNumber(gone.id, '+4930123456')).toBeUndefined();
    expect((await get('/v1/users', gone.key)).status).toBe(401);
    expect((await get('/v1/me/calls', `Bearer ${gone.tokens[0]}`)).body.code).toBe('token_revoked');
    const visit = await request(api.app)
      .post('/v1/guest-sessions')
      .send({ code: gone.code, displayName: 'Late' });
    expect(visit.status).toBe(404);
    expect((await get(gone.path)).status).toBe(404);
    expect((await remove(gone.path)).status).toBe(404);
    const left = await Promise.all([
      api.database.user.count({ where: { applicationId: gone.id } }),
      api.database.room.count({ where: { applicationId: gone.id } }),
      api.database.apiKey.count({ where: { applicationId: gone.id } }),
    ]);
    expect(left).toEqual([0, 0, 0]);
  });

  it('shows the neighbour nothing of it', async () => {
    const [gone, neighbour] = [await inhabited(), await inhabited()];
    const before = (await get(`/v1/rooms/${neighbour.roomId}`, neighbour.key)).body;

    await remove(gone.path);

    expect(await neighbour.isRevoked()).toEqual([false, false]);
    expect((await get(`/v1/rooms/${neighbour.roomId}`, neighbour.key)).body).toEqual(before);
    expect(await api.admission.room(neighbour.id, neighbour.roomId)).toBeDefined();
    expect(await api.admission.userOfNumber(neighbour.id, '+4930123456')).toBeDefined();
  });

  it('gives the same id back without the past: no token, no kept answer, no audit row', async () => {
    const old = await inhabited();
    const asked = { name: 'Backend', rights: ['admin'] };
    const withKey = (key: string) => post(`${old.path}/keys`, asked, key).set('Idempotency-Key', 'make-key');
    const first = await withKey(old.key);
    api.keepSecret(first.body.secret);
    await remove(old.path);
    const again = await makeApplication({ id: old.id });
    const key = await makeKey(again.path, ['admin']);

    expect(again.publicKey).not.toBe(old.publicKey);
    expect(await old.isRevoked()).toEqual([true, true]);
    const second = await withKey(key);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect(api.keepSecret(second.body.secret)).not.toBe(first.body.secret);
    const { items } = (await get('/v1/audit-entries?limit=100', key)).body;
    expect(items.map(({ action }: { action: string }) => action)).toEqual(['createApiKey', 'createApiKey']);
  });
});
