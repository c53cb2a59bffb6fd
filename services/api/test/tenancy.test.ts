import {
  operationNames,
  operations,
  type OperationDescription,
  type OperationName,
} from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, createTenant, credentialFor, type Tenant } from './tenant.ts';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
let neighbour: Tenant;
/** Nothing of it is changed. */
let other: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  neighbour = await createTenant(api);
  other = await createTenant(api);
});
afterAll(() => api.close());

const all = operationNames.map((name): { name: OperationName; operation: OperationDescription } => ({
  name,
  operation: operations[name],
}));
const withIds = all.filter(({ operation }) => operation.path.includes('{')).map(({ name }) => name);
const nested = withIds.filter((name) => operations[name].path.split('{').length > 2);
const lists = all
  .filter(({ operation }) => operation.path.startsWith('/v1/') && isList(operation))
  .map(({ name }) => name);

/** Those whose own answer names nobody either. */
const anonymous: OperationName[] = ['getCallStats', 'listSigningKeys'];

function isList({ method, path }: OperationDescription): boolean {
  return method === 'get' && !path.endsWith('}');
}

/** Everything that is stored of the application, and everything that is published of it. */
async function everythingOf({ applicationId, ids }: Tenant): Promise<unknown> {
  const where = { applicationId };
  const { database, admission } = api;

  return {
    application: await database.application.findUnique({ where: { id: applicationId } }),
    users: await database.user.findMany({ where, include: { phoneNumbers: true }, orderBy: { id: 'asc' } }),
    accessTokens: await database.accessToken.findMany({ where, omit: { lastUsedAt: true } }),
    rooms: await database.room.findMany({ where, include: { roster: true, guestLinks: true } }),
    keys: await database.apiKey.findMany({
      where,
      omit: { lastUsedAt: true },
      orderBy: { privateKey: 'asc' },
    }),
    calls: await database.callRecord.findMany({ where, include: { participants: true } }),
    revocations: await database.revocation.findMany({ where }),
    audit: await database.auditEntry.findMany({ where, orderBy: { id: 'asc' } }),
    published: [
      await admission.application(applicationId),
      await admission.user(applicationId, String(ids['userId'])),
      await admission.room(applicationId, String(ids['roomId'])),
    ],
  };
}

describe('one application and another', () => {
  it.each(withIds)('%s: a neighbour does not find the object, and changes nothing', async (name) => {
    const tenant = await createTenant(api);
    const before = await everythingOf(tenant);

    for (const credential of ['adminKey', 'administrator'] as const) {
      const answer = await ask(api, name, tenant, neighbour.credentials[credential]);
      expect([credential, answer.status, answer.body.code]).toEqual([
        credential,
        404,
        expect.stringMatching(/^(room_|call_)?not_found$/),
      ]);
    }
    expect(await everythingOf(tenant)).toEqual(before);

    // The same request succeeds for those whose object it is: what was not found above is there.
    const own = await ask(api, name, tenant, credentialFor(name, api, tenant));
    expect([own.status, own.text]).toEqual([operations[name].status, expect.anything()]);
  });

  it.each(nested)('%s: a neighbour does not find it below what is their own either', async (name) => {
    const tenant = await createTenant(api);
    const [last = ''] = operations[name].path.match(/(?<=\{)\w+(?=\}[^{]*$)/) ?? [];
    const crossed = { ...neighbour, ids: { ...neighbour.ids, [last]: String(tenant.ids[last]) } };
    const before = await everythingOf(tenant);

    const answer = await ask(api, name, crossed, neighbour.credentials.adminKey);

    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    expect(await everythingOf(tenant)).toEqual(before);
  });

  it.each(withIds)("%s: a neighbour's object is answered like one there is not", async (name) => {
    const nobody = {
      ...other,
      ids: Object.fromEntries(Object.keys(other.ids).map((parameter) => [parameter, 'nothing'])),
    };
    const key = neighbour.credentials.adminKey;

    const { instance: _one, ...theirs } = (await ask(api, name, other, key)).body;
    const { instance: _two, ...none } = (await ask(api, name, nobody, key)).body;

    expect(theirs).toEqual(none);
  });

  it.each(lists)('%s: shows nothing of a neighbour', async (name) => {
    const own = await ask(api, name, other, credentialFor(name, api, other));
    const ids = [...Object.values(other.ids), other.administratorId];
    expect([own.status, ids.some((id) => own.text.includes(id))]).toEqual([200, !anonymous.includes(name)]);

    for (const credential of ['adminKey', 'administrator', 'user'] as const) {
      const answer = await ask(api, name, neighbour, neighbour.credentials[credential]);
      expect([credential, ids.filter((id) => answer.text.includes(id))]).toEqual([credential, []]);
    }
  });

  it("lets no one refer to a neighbour's users", async () => {
    const tenant = await createTenant(api);
    const { userId } = tenant.ids;
    const { adminKey } = neighbour.credentials;
    const room = `/v1/rooms/${neighbour.ids['roomId']}`;
    const before = await everythingOf(neighbour);

    const answers = [
      await ask(api, 'createRoom', tenant, adminKey),
      await ask(api, 'putAnonymousDestinations', tenant, adminKey),
      await request(api.app)
        .patch(room)
        .set('Authorization', adminKey)
        .send({ roster: { [String(userId)]: 'presenter' } }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [400, 'invalid_request']),
    );
    expect(await everythingOf(neighbour)).toEqual(before);
  });

  it('keeps apart what has the same id in both', async () => {
    const [one, two] = [await createTenant(api), await createTenant(api)];
    const send = (tenant: Tenant, method: 'get' | 'post' | 'patch' | 'delete', body?: object) => {
      const agent = request(api.app);
      const asked = agent[method](method === 'post' ? '/v1/users' : '/v1/users/same');

      return asked.set('Authorization', tenant.credentials.adminKey).send(body);
    };
    const shared = { id: 'same', email: 'same@example.org', phoneNumbers: ['+4930123456'] };
    expect((await send(one, 'post', shared)).status).toBe(201);
    expect((await send(two, 'post', { ...shared, displayName: 'Two' })).status).toBe(201);

    await send(one, 'patch', { displayName: 'One' });
    await send(one, 'delete');

    expect((await send(one, 'get')).status).toBe(404);
    expect((await send(two, 'get')).body).toMatchObject({
      displayName: 'Two',
      phoneNumbers: ['+4930123456'],
    });
    expect(await api.admission.userOfNumber(two.applicationId, '+4930123456')).toMatchObject({
      userId: 'same',
      displayName: 'Two',
    });
  });
});
