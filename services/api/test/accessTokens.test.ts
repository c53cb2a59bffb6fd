import { accessTokenListSchema, accessTokenWithValueSchema } from '@parley/protocol/rest';
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

const createUser = (id: string) =>
  request(api.app).post('/v1/users').set('Authorization', mine.key).send({ id });

async function create(userId: string, body: object = {}, key = mine.key) {
  const answer = await request(api.app)
    .post(`/v1/users/${userId}/access-tokens`)
    .set('Authorization', key)
    .send(body);
  api.keepSecret(answer.body.accessToken ?? 'none made');

  return answer;
}

const list = (userId: string, query = '') =>
  request(api.app).get(`/v1/users/${userId}/access-tokens${query}`).set('Authorization', mine.key);
const revoke = (userId: string, id: string, key = mine.key) =>
  request(api.app).delete(`/v1/users/${userId}/access-tokens/${id}`).set('Authorization', key);

describe('POST /v1/users/{id}/access-tokens', () => {
  it('shows the value once and stores a hash of it', async () => {
    await createUser('alice');

    const answer = await create('alice', { name: 'Kiosk' });

    expect(answer.status).toBe(201);
    const { accessToken, ...rest } = accessTokenWithValueSchema.strict().parse(answer.body);
    expect(accessToken).toMatch(/^at_[0-9a-z]{16}[\w-]{43}$/);
    expect(rest).toEqual({ id: accessToken.slice(3, 19), name: 'Kiosk', createdAt: expect.any(String) });
    const shown = await list('alice');
    expect(shown.body).toEqual({ items: [rest] });
    const rows = await api.database.$queryRaw<{ text: string }[]>`
      SELECT "AccessToken"::text AS text FROM "AccessToken" WHERE "id" = ${rest.id}`;
    expect(rows).toHaveLength(1);
    const secret = accessToken.slice(3);
    expect(rows[0]?.text).not.toContain(secret.slice(16));
    expect(rows[0]?.text).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('keeps a hundred of a user, however many are asked for at once', async () => {
    await createUser('hoarder');
    const volley = (length: number) => Promise.all(Array.from({ length }, () => create('hoarder')));
    // More at once than may wait for their turn would be refused for that.
    const answers = [...(await volley(80)), ...(await volley(24))];

    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 4 }, () => [409, 'conflict']),
    );

    await revoke('hoarder', answers.find(({ status }) => status === 201)?.body.id);
    expect((await create('hoarder')).status).toBe(201);
  });

  it.each([{ name: '' }, { name: 'a\u0007b' }, { scopes: ['calls'] }])('refuses %j', async (body) => {
    await createUser('refused');

    const answer = await create('refused', body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('GET /v1/users/{id}/access-tokens', () => {
  it('pages through all of them and never shows a value', async () => {
    await createUser('lister');
    const made: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      made.push((await create('lister', { name })).body.id);
    }

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '2', ...(cursor === undefined ? {} : { cursor }) });
      const { body } = await list('lister', `?${query.toString()}`);
      const page = accessTokenListSchema.strict().parse(body);
      expect(JSON.stringify(body)).not.toContain('at_');
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);

    expect(seen).toEqual(made.toSorted());
  });
});

describe('access tokens', () => {
  it('are not found for a user there is not, for another user, or by a neighbour', async () => {
    await createUser('owner');
    await createUser('other');
    const { body } = await create('owner');

    const answers = [
      await create('nobody'),
      await list('nobody'),
      await revoke('nobody', body.id),
      await revoke('owner', 'a-token-there-is-not'),
      await revoke('other', body.id),
      await create('owner', {}, theirs.key),
      await revoke('owner', body.id, theirs.key),
    ];

    expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual(
      answers.map(() => [404, 'not_found']),
    );
    expect((await revoke('owner', body.id)).status).toBe(204);
    expect((await revoke('owner', body.id)).status).toBe(404);
  });
});
