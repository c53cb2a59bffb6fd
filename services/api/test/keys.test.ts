import { operationNames, operations, type OperationName } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, createTenant, credentialFor, pathOf, type Credential, type Tenant } from './tenant.ts';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await createTenant(api);
});
afterAll(() => api.close());

/** The operation's path, about what the tenant has. */
function askFor(name: OperationName) {
  const agent = request(api.app);

  return agent[operations[name].method](pathOf(name, tenant.ids));
}

const guarded = operationNames.filter((name) => operations[name].access !== 'public');

/** Who of the application may not ask for what. */
const refused: Record<(typeof operations)[OperationName]['access'], Credential[]> = {
  public: [],
  provision: ['anonymousKey', 'user', 'guest', 'visitor'],
  admin: ['anonymousKey', 'provisionKey', 'user', 'guest', 'visitor'],
  owner: ['anonymousKey', 'provisionKey', 'user', 'guest', 'visitor'],
  operator: ['anonymousKey', 'provisionKey', 'adminKey', 'administrator', 'user', 'guest', 'visitor'],
  user: ['anonymousKey', 'provisionKey', 'adminKey', 'guest', 'visitor'],
};

describe('what is mistaken for a credential', () => {
  it.each([
    ['pk_0123456789abcdef', /public key is no credential.*sk_/],
    ['key_0123456789abcdef', /id is no credential.*sk_/],
    ['at_0123456789abcdef', /POST \/v1\/sessions/],
    ['rt_0123456789abcdef', /POST \/v1\/oauth\/token/],
  ])('%s is refused with what to send', async (mistake, detail) => {
    const answer = await request(api.app).get('/v1/users').set('Authorization', `Bearer ${mistake}`);

    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expect(answer.body.detail).toMatch(detail);
  });
});

describe('every operation', () => {
  it.each(guarded)('%s asks for a credential, and for the body only after it', async (name) => {
    const { adminKey, user } = tenant.credentials;
    const wrong = [
      undefined,
      'Bearer',
      'Bearer sk_',
      'Basic c2s6',
      `${adminKey} extra`,
      adminKey.slice(0, -1),
      altered(adminKey),
      altered(user),
      altered(api.operatorKey),
      'Bearer undefined',
    ];

    for (const credential of wrong) {
      const asked = askFor(name).type('application/json');
      const answer = await (credential === undefined ? asked : asked.set('Authorization', credential)).send(
        '{broken',
      );
      expect([credential, answer.status, answer.body.code]).toEqual([credential, 401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it.each(guarded)('%s refuses who lacks the right, and asks for the body only after it', async (name) => {
    for (const credential of refused[operations[name].access]) {
      const answer = await askFor(name)
        .set('Authorization', tenant.credentials[credential])
        .type('application/json')
        .send('{broken');
      expect([credential, answer.status, answer.body.code]).toEqual([credential, 403, 'forbidden']);
    }
  });

  it.each(operationNames)('%s is open to whom it is for', async (name) => {
    const own = await createTenant(api);

    const answer = await ask(api, name, own, credentialFor(name, api, own));

    expect([answer.status, answer.body.code]).toEqual([operations[name].status, undefined]);
  });

  it.each(guarded.filter((name) => ['provision', 'admin', 'owner'].includes(operations[name].access)))(
    "%s is open to an administrator's token",
    async (name) => {
      const own = await createTenant(api);

      const answer = await ask(api, name, own, own.credentials.administrator);

      expect([answer.status, answer.body.code]).toEqual([operations[name].status, undefined]);
    },
  );

  it.each(guarded.filter((name) => ['provision', 'admin', 'user'].includes(operations[name].access)))(
    '%s is not for the operator, who has no application',
    async (name) => {
      const answer = await ask(api, name, tenant, api.operatorKey);

      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    },
  );
});

describe('a key with the right provision', () => {
  it('makes itself no administrator by any way', async () => {
    const own = await createTenant(api);
    const { credentials, administratorId, applicationId, publicKey, ids } = own;
    const send = (method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object) =>
      request(api.app)[method](path).set('Authorization', credentials.provisionKey).send(body);
    const administrator = `/v1/users/${administratorId}`;
    const password = api.keepSecret('a password that is guessed');
    await send('patch', `/v1/users/${ids['userId']}`, { email: 'alice@example.org', password });
    const before = await api.database.user.findMany({ where: { applicationId }, orderBy: { id: 'asc' } });
    // The answer to an administrator's request is not to be had by repeating it.
    const made = { email: 'second@example.org', password, admin: true, issueAccessToken: true };
    const repeated = (key: string) =>
      request(api.app).post('/v1/users').set({ Authorization: key, 'Idempotency-Key': 'same' }).send(made);

    const attempts = [
      await send('post', '/v1/users', { id: 'root', admin: true }),
      await send('post', '/v1/users', { id: 'root', admin: true, issueToken: true, issueAccessToken: true }),
      await send('patch', `/v1/users/${ids['userId']}`, { admin: true }),
      await send('patch', administrator, { password }),
      await send('patch', administrator, { email: 'mine@example.org' }),
      await send('patch', administrator, { admin: null }),
      await send('delete', administrator),
      await send('post', `${administrator}/tokens`, {}),
      await send('post', `${administrator}/tokens`, {}).set('Idempotency-Key', 'other'),
      await send('post', `${administrator}/access-tokens`, {}),
      await send('post', `/v1/applications/${applicationId}/keys`, { name: 'Mine', rights: ['admin'] }),
      await send('patch', `/v1/applications/${applicationId}`, { allowedOrigins: ['https://evil.example'] }),
      await send('get', `/v1/applications/${applicationId}/keys`),
      await send('get', '/v1/audit-entries'),
    ];

    for (const answer of attempts) {
      expect([answer.request.method, answer.request.url, answer.status]).toEqual([
        answer.request.method,
        answer.request.url,
        403,
      ]);
    }
    expect(await api.database.user.findMany({ where: { applicationId }, orderBy: { id: 'asc' } })).toEqual(
      before,
    );
    // The scope cannot be asked for either: not of the backend, and not at the sign-in of somebody else.
    const scoped = await send('post', `/v1/users/${ids['userId']}/tokens`, { scopes: ['calls', 'admin'] });
    expect([scoped.status, scoped.body.code]).toEqual([400, 'invalid_request']);
    const signedIn = await request(api.app).post('/v1/oauth/token').type('form').send({
      grant_type: 'password',
      client_id: publicKey,
      username: 'alice@example.org',
      password,
      scope: 'openid admin',
    });
    const { access_token: token = '', refresh_token: refreshToken = 'none' } = signedIn.body;
    api.keepSecret(refreshToken);
    expect(token === '' ? [] : (await api.verify(api.keepSecret(token))).scopes).not.toContain('admin');
    const granted = await repeated(credentials.adminKey);
    api.keepSecret(granted.body.accessToken.accessToken);
    expect([granted.status, (await repeated(credentials.provisionKey)).status]).toEqual([201, 403]);
  });
});

function altered(credential: string): string {
  // Not the last character: some of its bits are of no account in base64url.
  return credential.slice(0, -3) + (credential.at(-3) === 'A' ? 'B' : 'A') + credential.slice(-2);
}
