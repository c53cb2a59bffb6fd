import { apiKeyListSchema, apiKeyWithSecretSchema, type ApiKeyWithSecret } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let path: string;
let aheadMs = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
});
beforeEach(async () => {
  aheadMs = 0;
  mine = await api.createApplication();
  path = `/v1/applications/${mine.applicationId}/keys`;
});
afterAll(() => api.close());

interface MadeKey extends ApiKeyWithSecret {
  /** Value of the Authorization header. */
  readonly bearer: string;
}

async function makeKey(rights: string[], by = api.operatorKey): Promise<MadeKey> {
  const answer = await request(api.app).post(path).set('Authorization', by).send({ name: 'Backend', rights });
  const key = apiKeyWithSecretSchema.strict().parse(answer.body);

  return { ...key, bearer: `Bearer ${api.keepSecret(key.secret)}` };
}

const revoke = (id: string, by = api.operatorKey) =>
  request(api.app).delete(`${path}/${id}`).set('Authorization', by);
const statusWith = async (bearer: string) =>
  (await request(api.app).get('/v1/users').set('Authorization', bearer)).status;
const listed = async (by = api.operatorKey) =>
  apiKeyListSchema.strict().parse((await request(api.app).get(path).set('Authorization', by)).body).items;

describe('keys of an application', () => {
  it('are made with rights, and their secrets shown once and stored as a hash only', async () => {
    const key = await makeKey(['anonymous', 'provision']);

    expect(key).toMatchObject({ name: 'Backend', rights: ['anonymous', 'provision'] });
    expect(key.id).toMatch(/^key_[0-9a-z]{16}$/);
    expect(key.secret).toMatch(/^sk_\S{59}$/);
    const row = await api.database.apiKey.findUniqueOrThrow({ where: { privateKey: key.id } });
    expect(row.secretHash).toHaveLength(32);
    const stored = JSON.stringify({ ...row, secretHash: Buffer.from(row.secretHash).toString() });
    const everything = stored + JSON.stringify(await listed());
    expect(everything).toContain(key.id);
    expect(everything).not.toContain(key.secret.slice('sk_'.length + 16));
  });

  it('are rotated without a gap: both work, and the first no more as soon as it is revoked', async () => {
    const old = await makeKey(['provision', 'admin']);
    const next = await makeKey(['provision', 'admin'], old.bearer);
    expect([await statusWith(old.bearer), await statusWith(next.bearer)]).toEqual([200, 200]);

    expect((await revoke(old.id, next.bearer)).status).toBe(204);

    expect([await statusWith(old.bearer), await statusWith(next.bearer)]).toEqual([401, 200]);
    expect((await listed(next.bearer)).map(({ id }) => id)).not.toContain(old.id);
    expect((await revoke(old.id, next.bearer)).status).toBe(404);
  });

  it('are refused as soon as they are revoked, however busy they are', async () => {
    const { id, bearer } = await makeKey(['provision']);
    const stop = new AbortController();
    const statuses: number[] = [];
    const busy = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!stop.signal.aborted) {
          statuses.push(await statusWith(bearer));
        }
      }),
    );
    await vi.waitFor(() => expect(statuses.length).toBeGreaterThan(8));

    await revoke(id);
    const after = await statusWith(bearer);
    stop.abort();
    await busy;

    expect(statuses[0]).toBe(200);
    expect(after).toBe(401);
  });

  it('may revoke themselves', async () => {
    const { id, bearer } = await makeKey(['admin']);

    expect((await revoke(id, bearer)).status).toBe(204);

    expect(await statusWith(bearer)).toBe(401);
  });

  it('open what they are changed to open within a second, when another api changed them', async () => {
    const { id, bearer } = await makeKey(['provision']);
    expect(await statusWith(bearer)).toBe(200);
    await api.database.apiKey.update({ where: { privateKey: id }, data: { rights: ['anonymous'] } });

    aheadMs = 1_000;

    expect(await statusWith(bearer)).toBe(403);
  });

  it('are read anew when the clock was put back', async () => {
    const { id, bearer } = await makeKey(['provision']);
    aheadMs = 60 * 60 * 1000;
    expect(await statusWith(bearer)).toBe(200);
    await api.database.apiKey.delete({ where: { privateKey: id } });

    aheadMs = 0;

    expect(await statusWith(bearer)).toBe(401);
  });

  it('say when they were last used, to a minute', async () => {
    const { id, bearer } = await makeKey(['provision']);
    const lastUsed = async () => (await listed()).find((key) => key.id === id)?.lastUsedAt;
    expect(await lastUsed()).toBeUndefined();

    await statusWith(bearer);
    // Written beside the request.
    const first = await vi.waitFor(async () => {
      const moment = Date.parse((await lastUsed()) ?? '');
      expect(moment).not.toBeNaN();

      return moment;
    });
    expect(Math.abs(Date.now() - first)).toBeLessThan(60_000);
    aheadMs = 61_000;
    await statusWith(bearer);
    await vi.waitFor(async () => {
      expect(Date.parse((await lastUsed()) ?? '')).toBeGreaterThanOrEqual(first + 60_000);
    });
  });

  it('are twenty at most, also when they are asked for at once', async () => {
    // The application came with one.
    const answers = await Promise.all(
      Array.from({ length: 22 }, () =>
        request(api.app)
          .post(path)
          .set('Authorization', api.operatorKey)
          .send({ name: 'Many', rights: ['provision'] }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201);
    for (const { body } of made) {
      api.keepSecret(body.secret);
    }

    expect(made).toHaveLength(19);
    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body.code)).toEqual([
      'conflict',
      'conflict',
      'conflict',
    ]);
    expect(await listed()).toHaveLength(20);
    await revoke(made[0]?.body.id);
    expect((await makeKey(['provision'])).rights).toEqual(['provision']);
  });

  it.each([
    [{ rights: ['admin'] }],
    [{ name: 'A' }],
    [{ name: 'A', rights: [] }],
    [{ name: 'A', rights: ['root'] }],
    [{ name: 'A', rights: ['admin', 'admin'] }],
    [{ name: 'A', rights: ['admin'], secret: 'sk_mine' }],
  ])('are not made of %j', async (body) => {
    const answer = await request(api.app).post(path).set('Authorization', api.operatorKey).send(body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it('are found of no application there is not', async () => {
    const nowhere = '/v1/applications/none/keys';
    const asked = () => request(api.app);
    const answers = [
      await asked().get(nowhere).set('Authorization', api.operatorKey),
      await asked()
        .post(nowhere)
        .set('Authorization', api.operatorKey)
        .send({ name: 'A', rights: ['admin'] }),
      await asked().delete(`${nowhere}/key_1`).set('Authorization', api.operatorKey),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [404, 'not_found']),
    );
  });
});
