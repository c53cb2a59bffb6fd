import {
  auditListSchema,
  operationNames,
  operations,
  type AuditEntry,
  type OperationName,
} from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, createTenant, credentialFor, pathOf, type Tenant } from './tenant.ts';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
let shared: Tenant;
let aheadMs = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
  shared = await createTenant(api);
});
afterAll(() => api.close());

const changing = operationNames.filter((name) => operations[name].method !== 'get');
/** Visitors and users act for themselves: that is no administrative action. */
const audited = changing.filter((name) => operations[name].access !== 'public');

/** What was written since, with rows of the whole service. */
async function entriesSince(id: bigint) {
  return api.database.auditEntry.findMany({ where: { id: { gt: id } }, orderBy: { id: 'asc' } });
}
const newest = async () => (await api.database.auditEntry.findFirst({ orderBy: { id: 'desc' } }))?.id ?? 0n;

const list = async (key: string, query = '') => {
  const answer = await request(api.app).get(`/v1/audit-entries${query}`).set('Authorization', key);

  return auditListSchema.parse(answer.body);
};

const keyIdOf = (key: string) => `key_${key.slice('Bearer sk_'.length).slice(0, 16)}`;

describe('the audit log', () => {
  it.each(audited)('has one row of %s: who, what, when and from where', async (name) => {
    const tenant = await createTenant(api);
    const credential = credentialFor(name, api, tenant) ?? '';
    const before = await newest();
    const startedAt = Date.now();

    const answer = await ask(api, name, tenant, credential);

    expect(answer.status).toBe(operations[name].status);
    const entries = await entriesSince(before);
    const isOperator = operations[name].access === 'operator';
    expect(entries).toEqual([
      {
        id: expect.any(BigInt),
        applicationId: pathOrKeyApplication(name, tenant),
        at: expect.any(Date),
        actorKind: isOperator ? 'operator' : 'key',
        actorId: isOperator ? null : keyIdOf(credential),
        action: name,
        target: (answer.headers['location'] ?? pathOfMade(name, tenant, answer.body)).replace('/v1/', ''),
        details: expect.any(Array),
        address: expect.stringMatching(/127\.0\.0\.1$/),
        requestId: answer.headers['x-request-id'],
      },
    ]);
    expect(entries[0]?.at.getTime()).toBeGreaterThanOrEqual(startedAt);
    expect(entries[0]?.at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it.each(audited)('has no row of a %s that failed', async (name) => {
    const { method, path } = operations[name];
    const credential = credentialFor(name, api, shared) ?? '';
    const nothing = Object.fromEntries(Object.keys(shared.ids).map((parameter) => [parameter, 'nothing']));
    const send = (to: string, body: object) =>
      request(api.app)[method](to).set('Authorization', credential).send(body);
    const before = await newest();

    const failed = [
      await ask(api, name, shared, undefined),
      await ask(api, name, shared, shared.credentials.anonymousKey),
      ...(path.includes('{') ? [await ask(api, name, { ...shared, ids: nothing }, credential)] : []),
      ...('body' in operations[name] ? [await send(pathOf(name, shared.ids), { unknown: 'x' })] : []),
    ];

    expect(failed.map(({ status }) => status >= 400)).toEqual(failed.map(() => true));
    expect(await entriesSince(before)).toEqual([]);
  });

  it('names what was made by the path at which it is taken back', async () => {
    const tenant = await createTenant(api);
    const { adminKey } = tenant.credentials;

    for (const name of ['createApiKey', 'createGuestLink', 'createAccessToken'] as const) {
      const { body } = await ask(api, name, tenant, adminKey);

      const [entry] = (await list(adminKey)).items;
      expect(body.id).toEqual(expect.any(String));
      expect(entry?.target).toBe(`${pathOf(name, tenant.ids).replace('/v1/', '')}/${body.id}`);
      const taken = await request(api.app).delete(`/v1/${entry?.target}`).set('Authorization', adminKey);
      expect(taken.status).toBe(204);
    }
  });

  it('tells which fields were changed and what a key may do, and no value', async () => {
    const { credentials, applicationId } = await createTenant(api);
    const key = credentials.adminKey;
    const send = async (method: 'post' | 'patch' | 'delete', path: string, body: object) => {
      const answer = await request(api.app)[method](path).set('Authorization', key).send(body);
      expect(answer.status).toBeLessThan(300);
      const [entry] = (await list(key)).items;

      return entry?.details;
    };

    const user = { id: 'zoe', email: 'zoe@example.org', password: api.keepSecret('zoes-own-password') };
    expect(await send('post', '/v1/users', user)).toEqual([]);
    expect(await send('post', '/v1/users', { id: 'yan', admin: true })).toEqual(['admin']);
    const change = { password: api.keepSecret('another-password'), admin: true };
    expect(await send('patch', '/v1/users/zoe', change)).toEqual(['admin', 'password']);
    expect(await send('patch', `/v1/applications/${applicationId}`, { contacts: true })).toEqual([
      'contacts',
    ]);
    const rights = ['provision', 'anonymous'];
    expect(await send('post', `/v1/applications/${applicationId}/keys`, { name: 'k', rights })).toEqual(
      rights,
    );
    expect(await send('delete', '/v1/users/zoe/tokens', {})).toEqual([]);
    expect(await send('delete', '/v1/users/zoe/tokens?accessTokens=true', {})).toEqual(['accessTokens']);
  });

  it('names an administrator by the user', async () => {
    const tenant = await createTenant(api);

    await ask(api, 'updateRoom', tenant, tenant.credentials.administrator);

    const [entry] = (await list(tenant.credentials.adminKey)).items;
    expect(entry).toMatchObject({
      action: 'updateRoom',
      actor: { kind: 'administrator', id: tenant.administratorId },
      target: `rooms/${tenant.ids['roomId']}`,
    });
  });

  it('shows the newest first, page by page, without missing one that comes meanwhile', async () => {
    const tenant = await createTenant(api);
    const key = tenant.credentials.adminKey;
    const whole = (await list(key, '?limit=100')).items;
    expect(whole.length).toBeGreaterThan(5);
    expect(whole.map(({ id }) => Number(id))).toEqual(
      whole.map(({ id }) => Number(id)).toSorted((a, b) => b - a),
    );
    const paged: AuditEntry[] = [];
    let query = '?limit=3';
    while (query !== '') {
      const page = await list(key, query);
      paged.push(...page.items);
      query = page.nextCursor === undefined ? '' : `?limit=3&cursor=${page.nextCursor}`;
      await ask(api, 'updateRoom', tenant, key);
    }

    expect(paged).toEqual(whole);
  });

  it('shows what happened from a moment on and before another', async () => {
    const tenant = await createTenant(api);
    const key = tenant.credentials.adminKey;
    const dayMs = 24 * 60 * 60 * 1000;
    const from = new Date(Date.now() + dayMs).toISOString();
    const to = new Date(Date.now() + 3 * dayMs).toISOString();
    for (const days of [0, 2, 4]) {
      aheadMs = days * dayMs;
      await request(api.app)
        .post('/v1/users')
        .set('Authorization', tenant.credentials.provisionKey)
        .send({ id: `day-${days}` });
    }
    aheadMs = 0;

    const targets = async (query: string) =>
      (await list(key, `${query}&limit=100`)).items
        .map(({ target }) => target)
        .filter((target) => target.includes('day-'));

    expect(await targets(`?from=${from}`)).toEqual(['users/day-4', 'users/day-2']);
    expect(await targets(`?to=${to}`)).toEqual(['users/day-2', 'users/day-0']);
    expect(await targets(`?from=${from}&to=${to}`)).toEqual(['users/day-2']);
  });

  it.each([
    'none',
    Buffer.from('users').toString('base64url'),
    Buffer.from('9'.repeat(19)).toString('base64url'),
  ])('refuses the cursor %s, which no page gave', async (cursor) => {
    const { credentials } = await createTenant(api);

    const answer = await request(api.app)
      .get(`/v1/audit-entries?cursor=${cursor}`)
      .set('Authorization', credentials.adminKey);

    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, '/cursor']);
  });
});

describe('the log of the whole service', () => {
  const read = async (query: Record<string, string | number> = {}, credential = api.operatorKey) => {
    const answer = await request(api.app)
      .get('/v1/operator/audit-entries')
      .query(query)
      .set('Authorization', credential);

    return { status: answer.status, ...auditListSchema.partial().parse(answer.body) };
  };
  const actionsOf = ({ items = [] }: { items?: AuditEntry[] | undefined }) =>
    items.map(({ action, target }) => [action, target]);

  it('shows the operator what was done to no application that there was, and that alone', async () => {
    const made = await ask(api, 'createApplication', shared, api.operatorKey);
    await ask(api, 'updateRoom', shared, shared.credentials.adminKey);
    const key = await ask(api, 'rotateSigningKey', shared, api.operatorKey);

    const newestTwo = await read({ limit: 2 });

    expect(newestTwo.items).toMatchObject([
      { action: 'rotateSigningKey', actor: { kind: 'operator' }, requestId: key.headers['x-request-id'] },
      { action: 'createApplication', actor: { kind: 'operator' }, target: `applications/${made.body.id}` },
    ]);
    const [first, second] = [await read({ limit: 1 }), newestTwo.items?.[1]];
    expect((await read({ limit: 1, cursor: first.nextCursor ?? '' })).items).toEqual([second]);
  });

  it('shows the operator what was done to one application, also when it is gone', async () => {
    const { applicationId, ids, credentials } = await createTenant(api);
    const tenant = { ...shared, applicationId, ids, credentials };
    await ask(api, 'updateRoom', tenant, credentials.adminKey);
    await ask(api, 'updateRoom', shared, shared.credentials.adminKey);
    await ask(api, 'deleteApplication', tenant, api.operatorKey);

    const entries = await read({ applicationId, limit: 2 });

    expect(actionsOf(entries)).toEqual([
      ['deleteApplication', `applications/${applicationId}`],
      ['updateRoom', `rooms/${ids['roomId']}`],
    ]);
    const { at = '' } = entries.items?.[0] ?? {};
    expect(actionsOf(await read({ applicationId, from: at }))).toContainEqual(actionsOf(entries)[0]);
    expect(actionsOf(await read({ applicationId, to: at }))).not.toContainEqual(actionsOf(entries)[0]);
  });

  it.each(['adminKey', 'administrator', 'provisionKey', 'user'] as const)(
    'is closed to the %s of an application, for its own rows too',
    async (credential) => {
      const { applicationId } = shared;

      const answers = [
        await read({}, shared.credentials[credential]),
        await read({ applicationId }, shared.credentials[credential]),
      ];

      expect(answers).toEqual(answers.map(() => ({ status: 403 })));
    },
  );
});

/** What has no place of its own to be read at has one in the log. */
function pathOfMade(name: OperationName, { ids }: Tenant, made: { id?: string; kid?: string }): string {
  const id = operations[name].status === 201 ? (made.id ?? made.kid) : undefined;

  return id === undefined ? pathOf(name, ids) : `${pathOf(name, ids)}/${id}`;
}

/** Whose log a row is in; what is no application's own is in nobody's but the operator's. */
function pathOrKeyApplication(name: OperationName, tenant: Tenant): string | null {
  const isOfService =
    operations[name].access === 'operator' && !operations[name].path.includes('{applicationId}');

  return isOfService ? null : tenant.applicationId;
}
