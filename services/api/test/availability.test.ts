import { Relay } from '@parley/test-kit';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
afterEach(() => api.close());

describe('GET /healthz, /readyz and /readyz/api', () => {
  it('tell a process that answers from one that can hold calls, and that from an API that can work', async () => {
    let isSfuReady = false;
    api = await startTestApi({ isReady: () => isSfuReady });
    const get = (path: string) => request(api.app).get(path);

    expect([(await get('/healthz')).status, (await get('/healthz')).body]).toEqual([200, { status: 'ok' }]);
    const early = await get('/readyz');
    expect([early.status, early.body.detail]).toEqual([503, 'The media service is not ready.']);

    isSfuReady = true;
    expect([(await get('/readyz')).status, (await get('/readyz')).body]).toEqual([200, { status: 'ready' }]);

    expect([(await get('/readyz/api')).status, (await get('/readyz/api')).body]).toEqual([
      200,
      { status: 'ready' },
    ]);
    await api.database.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now()`;
    const behind = await get('/readyz/api');
    expect([behind.status, behind.body.detail]).toEqual([503, 'The database lacks migrations.']);
    const away = vi.spyOn(api.backplane, 'isUp', 'get').mockReturnValue(false);
    const alone = await get('/readyz/api');
    expect([alone.status, alone.body.detail]).toEqual([503, 'The backplane is away.']);
    expect((await get('/readyz')).status).toBe(200);
    away.mockRestore();
  });
});

describe('without its database', () => {
  let relay: Relay;
  beforeEach(async () => {
    api = await startTestApi({
      reachDatabase: async (url) => {
        relay = await Relay.to(url);

        return relay.url;
      },
    });
  });
  afterEach(() => relay.cut());

  it.each([
    { loss: 'gone', lose: () => relay.cut(), restore: () => relay.join() },
    {
      loss: 'silent',
      lose: async () => relay.freeze(),
      restore: async () => relay.thaw(),
    },
  ])('that is $loss, says so within two seconds and recovers by itself', async ({ lose, restore }) => {
    const { key } = await api.createApplication();
    const get = (path: string) => request(api.app).get(path).set('Authorization', key);
    const create = () => request(api.app).post('/v1/rooms').set('Authorization', key).send({});
    expect((await get('/v1/users')).status).toBe(200);

    await lose();
    // The pool has connections that do not know yet, so ask more often than it has.
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const startedAt = performance.now();
        const { status, body, headers } = await (n % 2 === 0 ? get('/v1/users') : create());

        return { status, code: body.code, wait: headers['retry-after'], ms: performance.now() - startedAt };
      }),
    );
    for (const { status, code, wait, ms } of answers) {
      expect([status, code, wait]).toEqual([503, 'unavailable', '5']);
      expect(ms).toBeLessThan(2_000);
    }
    // A balancer that takes this process out because of it would take out all others as well.
    expect([(await get('/readyz/api')).status, (await get('/readyz')).status]).toEqual([503, 200]);
    const form = { grant_type: 'password', client_id: 'pk_x', username: 'a', password: 'b' };
    const signIn = await request(api.app).post('/v1/oauth/token').type('form').send(form);
    expect([signIn.status, signIn.body.error]).toEqual([503, 'temporarily_unavailable']);

    await restore();
    expect((await get('/v1/users')).status).toBe(200);
    expect((await create()).status).toBe(201);
  });

  it('answers what needs none: that it lives, its keys, and whether a token is good', async () => {
    const { key } = await api.createApplication();
    const admin = request.agent(api.app).set('Authorization', key);
    await admin.post('/v1/users').send({ id: 'carol' });
    const { body } = await admin.post('/v1/users/carol/tokens').send({});
    await relay.cut();

    expect((await admin.get('/healthz')).status).toBe(200);
    expect((await admin.get('/.well-known/jwks.json')).body.keys).toHaveLength(1);
    expect(await api.verify(body.token)).toMatchObject({ identity: { userId: 'carol' } });
  });
});

describe('while no complete list of revocations has arrived', () => {
  it('lets in nobody by a token, which may be void, and says that it is a matter of time', async () => {
    api = await startTestApi();
    const { key } = await api.createApplication();
    const backend = request.agent(api.app).set('Authorization', key);
    await backend.post('/v1/users').send({ id: 'alice' });
    const { body } = await backend.post('/v1/users/alice/tokens').send({});
    const listCalls = () =>
      request(api.app)
        .get('/v1/me/calls')
        .set('Authorization', `Bearer ${api.keepSecret(body.token)}`);
    const introspect = () => backend.post('/v1/oauth/introspect').type('form').send({ token: body.token });
    const list = vi.spyOn(api.admission, 'isRevoked').mockReturnValue(undefined);

    const [refused, unknown] = [await listCalls(), await introspect()];

    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect([unknown.status, unknown.body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(unknown.headers['retry-after']).toBe(refused.headers['retry-after']);
    expect((await backend.get('/v1/users')).status).toBe(200);
    list.mockRestore();
    expect((await listCalls()).status).toBe(200);
    expect((await introspect()).body.active).toBe(true);
  });
});

describe('close()', () => {
  it('finishes the answer under way, refuses the next, and may be called twice', async () => {
    const gate = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    api = await startTestApi({
      isReady: () => {
        asked.resolve();

        return gate.promise;
      },
    });
    const server = api.app.listen(0);
    const underWay = request(server)
      .get('/readyz')
      .then((answer) => answer);
    await asked.promise;

    let isClosed = false;
    const closing = Promise.all([api.api.close(), api.api.close()]).then(() => (isClosed = true));
    const refused = await request(server).get('/healthz');

    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(isClosed).toBe(false);
    gate.resolve(true);
    expect((await underWay).status).toBe(200);
    await closing;
    server.close();
  });
});
