import { limitsWith, type Limits } from '@parley/protocol';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicOf, clientOf, postForm } from './oauthForms.ts';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    addressRequestsPerMinute: 5,
    trustedProxies: ['127.0.0.1', '::ffff:127.0.0.1'],
  });
});
afterAll(() => api.close());

let addresses = 0;
/** An address that nothing was counted for yet. */
const freshAddress = (): string => `192.0.2.${(addresses += 1)}`;

const get = (path: string, credential?: string, address = freshAddress()) =>
  request(api.app)
    .get(path)
    .set({ 'X-Forwarded-For': address, ...(credential === undefined ? {} : { Authorization: credential }) });

/** What an answer says of its limit: the window, how much is left of how much. */
function limitOf({ headers }: Response): { window: string; quota: number; left: number } {
  const [, window = '', quota] = /^"(\w+)";q=(\d+);w=\d+$/.exec(String(headers['ratelimit-policy'])) ?? [];
  const [, left] = new RegExp(`^"${window}";r=(\\d+);t=\\d+$`).exec(String(headers['ratelimit'])) ?? [];

  return { window, quota: Number(quota), left: Number(left) };
}

function expectRefusal(answer: Response): void {
  expect([answer.status, answer.body.code]).toEqual([429, 'too_many_requests']);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(limitOf(answer).left).toBe(0);
}

describe('requests with an API key', () => {
  it('are counted for the key, and every answer says what is left', async () => {
    const application = await api.createApplication({ requestsPerMinute: 3 });
    const { key } = application;
    const other = await application.keyWith(['provision']);

    for (const left of [2, 1, 0]) {
      const answer = await get('/v1/users', key);
      expect([answer.status, limitOf(answer)]).toEqual([200, { window: 'requests', quota: 3, left }]);
    }
    expectRefusal(await get('/v1/users', key));
    expect((await get('/v1/users', other)).status).toBe(200);
  });

  it('are let through again as soon as the operator raises the limit', async () => {
    const { key, applicationId } = await api.createApplication({ requestsPerMinute: 1 });
    await get('/v1/users', key);
    expectRefusal(await get('/v1/users', key));

    const raised = await request(api.app)
      .patch(`/v1/applications/${applicationId}`)
      .set('Authorization', api.operatorKey)
      .send({ limits: { requestsPerMinute: 10 } });

    expect(raised.body.limits).toEqual(limitsWith({ requestsPerMinute: 10 }));
    const answer = await get('/v1/users', key);
    expect([answer.status, limitOf(answer).quota]).toEqual([200, 10]);
  });
});

describe('refused requests', () => {
  const origin = 'https://evil.example';

  it.each([
    { of: 'a key that lacks the right', right: 'anonymous', path: '/v1/users', status: 403 },
    { of: 'an id that cannot exist', right: 'provision', path: '/v1/users/%20', status: 404 },
    { of: "a neighbour's application", right: 'admin', path: '/v1/applications/neighbour', status: 404 },
    {
      of: 'a page that may not ask',
      right: 'provision',
      path: '/v1/users',
      status: 403,
      headers: { origin },
    },
    { of: 'a query that is none', right: 'provision', path: '/v1/users?limit=0', status: 400 },
  ] as const)('because of $of are counted as well', async ({ right, path, status, ...rest }) => {
    const headers = 'headers' in rest ? rest.headers : {};
    const application = await api.createApplication({ requestsPerMinute: 1 });
    const key = await application.keyWith([right]);

    expect((await get(path, key).set(headers)).status).toBe(status);
    expectRefusal(await get(path, key).set(headers));
  });

  it('of an anonymous user, who may ask for nothing, are counted as well', async () => {
    const application = await api.createApplication({ userRequestsPerMinute: 1 });
    const client = clientOf(await application.keyWith(['anonymous']));
    const { body } = await postForm(api, '/v1/oauth/token', { grant_type: 'client_credentials', ...client });
    const token = `Bearer ${api.keepSecret(body.access_token)}`;

    expect((await get('/v1/contacts', token)).status).toBe(403);
    expectRefusal(await get('/v1/contacts', token));
  });
});

describe('requests with the operator key', () => {
  it('are counted too', async () => {
    const strict = await startTestApi({ operatorRequestsPerMinute: 1 });
    const list = () => request(strict.app).get('/v1/applications').set('Authorization', strict.operatorKey);

    expect((await list()).status).toBe(200);
    expectRefusal(await list());
    await strict.close();
  });
});

describe("requests with a user's token", () => {
  it('are counted for the user, whatever the token and the address', async () => {
    const { key } = await api.createApplication({ userRequestsPerMinute: 2 });
    await request(api.app).post('/v1/users').set('Authorization', key).send({ id: 'alice' });
    const token = async () => {
      const { body } = await request(api.app)
        .post('/v1/users/alice/tokens')
        .set('Authorization', key)
        .send({});

      return `Bearer ${body.token}`;
    };

    expect(limitOf(await get('/v1/me/calls', await token()))).toEqual({
      window: 'userRequests',
      quota: 2,
      left: 1,
    });
    expect((await get('/v1/me/calls', await token())).status).toBe(200);
    expectRefusal(await get('/v1/me/calls', await token()));
  });
});

describe('requests without a valid credential', () => {
  it.each([
    ['none', undefined],
    ['an unknown key', `Bearer sk_${'a'.repeat(16)}${'b'.repeat(43)}`],
    ['no token', 'Bearer nonsense'],
  ])('are counted for their address, with %s', async (_case, credential) => {
    const address = freshAddress();

    for (const left of [4, 3, 2, 1, 0]) {
      const answer = await get('/v1/users', credential, address);
      expect([answer.status, limitOf(answer)]).toEqual([401, { window: 'address', quota: 5, left }]);
    }
    expectRefusal(await get('/v1/users', credential, address));
    expect((await get('/v1/users', credential)).status).toBe(401);
  });

  it('take nothing from a backend behind the same address', async () => {
    const { key } = await api.createApplication();
    const address = freshAddress();
    for (let asked = 0; asked < 6; asked += 1) {
      await get('/v1/users', undefined, address);
    }

    expect((await get('/v1/users', key, address)).status).toBe(200);
  });

  it('are counted for a whole network of IPv6, which one subscriber has to themselves', async () => {
    for (let host = 1; host <= 5; host += 1) {
      expect((await get('/v1/users', undefined, `2001:db8:1:2::${host}`)).status).toBe(401);
    }
    expectRefusal(await get('/v1/users', undefined, '2001:db8:1:2:ffff::1'));
    expect((await get('/v1/users', undefined, '2001:db8:1:3::1')).status).toBe(401);
  });
});

describe('requests of OAuth clients', () => {
  const ask = (endpoint: string, fields: Record<string, string>, address: string) =>
    postForm(api, `/v1/oauth/${endpoint}`, fields).set('X-Forwarded-For', address);
  const token = { token: 'nonsense' };
  const anonymousGrant = { grant_type: 'client_credentials' };
  async function spend(address: string): Promise<void> {
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await get('/v1/users', undefined, address)).status).toBe(401);
    }
    expectRefusal(await get('/v1/users', undefined, address));
  }

  it('with the right secret take nothing from strangers behind the same address, nor strangers from them', async () => {
    const application = await api.createApplication();
    const key = await application.keyWith(['admin']);
    const address = freshAddress();
    const answers = async () => [
      (await ask('introspect', { ...token, ...clientOf(key) }, address)).status,
      (await ask('introspect', token, address).set('Authorization', basicOf(key))).status,
      (await ask('introspect', token, address).set('Authorization', key)).status,
      (await ask('revoke', { ...token, ...clientOf(key) }, address)).status,
      (await ask('token', { ...anonymousGrant, ...clientOf(key) }, address)).status,
    ];

    expect(await answers()).toEqual([200, 200, 200, 200, 200]);
    await spend(address);
    expect(await answers()).toEqual([200, 200, 200, 200, 200]);
  });

  it.each(['introspect', 'revoke'])('at %s count with the other ones of their key', async (endpoint) => {
    const { key } = await api.createApplication({ requestsPerMinute: 2 });
    await get('/v1/users', key);

    const answers = [
      await ask(endpoint, { ...token, ...clientOf(key) }, freshAddress()),
      await ask(endpoint, { ...token, ...clientOf(key) }, freshAddress()),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers.map(limitOf)).toEqual([0, 0].map((left) => ({ window: 'requests', quota: 2, left })));
    expect((await get('/v1/users', key)).status).toBe(429);
  });

  it('are counted also when a page may not ask', async () => {
    const { key } = await api.createApplication({ requestsPerMinute: 1 });
    const fields = { ...token, ...clientOf(key) };
    const evil = (address: string) =>
      ask('introspect', fields, address).set('Origin', 'https://evil.example');

    expect((await evil(freshAddress())).status).toBe(403);
    expect((await evil(freshAddress())).status).toBe(429);
  });

  it.each([
    ['a wrong secret', 'introspect', async () => ({ ...(await client()), client_secret: 'sk_wrong' })],
    ['no client', 'introspect', async () => ({})],
    [
      'the name of a public client',
      'revoke',
      async () => ({ client_id: (await api.createApplication()).publicKey }),
    ],
    ['an unknown public client', 'token', async () => ({ grant_type: 'password', client_id: 'pk_none' })],
    ['an unknown grant', 'token', async () => ({ ...(await client()), grant_type: 'magic' })],
    ['a parameter that is too long', 'revoke', async () => ({ client_id: 'x'.repeat(65) })],
  ])('are counted for their address with %s', async (_case, endpoint, fields) => {
    const address = freshAddress();
    const sent = { ...token, ...(await fields()) };
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await ask(endpoint, sent, address)).status).not.toBe(429);
    }

    const refused = await ask(endpoint, sent, address);
    expect([refused.status, limitOf(refused)]).toEqual([429, { window: 'address', quota: 5, left: 0 }]);
    expect((await ask(endpoint, sent, freshAddress())).status).not.toBe(429);
  });

  async function client(): Promise<{ client_id: string; client_secret: string }> {
    return clientOf((await api.createApplication()).key);
  }
});

describe('visitors', () => {
  async function guestLink(limits: Partial<Limits>): Promise<string> {
    const { key } = await api.createApplication(limits);
    const post = (path: string) => request(api.app).post(path).set('Authorization', key).send({});
    const room = await post('/v1/rooms');
    const { body } = await post(`/v1/rooms/${room.body.id}/guest-links`);

    return new URL(body.url).hash.slice(1);
  }
  const enter = (code: string, address: string) =>
    request(api.app)
      .post('/v1/guest-sessions')
      .set('X-Forwarded-For', address)
      .send({ code, displayName: 'Visitor' });

  it('are counted for their address by the limit of the application they come to', async () => {
    const [small, large] = [await guestLink({ visitorsPerMinute: 1 }), await guestLink({})];
    const address = freshAddress();

    const first = await enter(small, address);
    expect([first.status, limitOf(first)]).toEqual([201, { window: 'visitors', quota: 1, left: 0 }]);
    expectRefusal(await enter(small, address));
    expect((await enter(large, address)).status).toBe(201);
    expect((await enter(small, freshAddress())).status).toBe(201);
  });
});

describe('the client of a request', () => {
  it('is who the connection comes from, whatever the header says, when that is no trusted proxy', async () => {
    const plain = await startTestApi({ addressRequestsPerMinute: 2 });
    const ask = (address: string) => request(plain.app).get('/v1/users').set('X-Forwarded-For', address);

    await ask('192.0.2.1');
    await ask('192.0.2.2');

    expectRefusal(await ask('192.0.2.3'));
    await plain.close();
  });

  it('is named wrongly by a proxy that was not declared, of which the log warns once', async () => {
    const plain = await startTestApi();
    const declared = await startTestApi({ trustedProxies: ['127.0.0.1', '::ffff:127.0.0.1'] });
    for (const { app } of [plain, declared]) {
      await request(app).get('/healthz');
      await request(app).get('/healthz').set('X-Forwarded-For', '192.0.2.1');
      await request(app).get('/healthz').set('X-Forwarded-For', '192.0.2.2');
    }

    const warnings = ({ logs }: TestApi) => logs.filter((line) => line.includes('PARLEY_TRUSTED_PROXIES'));
    expect([warnings(plain).length, warnings(declared).length]).toEqual([1, 0]);
    expect(JSON.parse(warnings(plain)[0] ?? '')).toMatchObject({ level: 40, address: expect.any(String) });
    await plain.close();
    await declared.close();
  });
});
