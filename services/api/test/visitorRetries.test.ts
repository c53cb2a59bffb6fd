import { randomUUID } from 'node:crypto';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(async () => {
  mine = await api.createApplication({ visitorsPerMinute: 3 });
});
afterAll(() => api.close());

const backend = () => request.agent(api.app).set('Authorization', mine.key);

interface Visit {
  readonly path: string;
  readonly body: object;
  readonly revoke: () => Promise<unknown>;
  readonly gone: [status: number, code: string];
}

/** What visitors ask for, and what their secret is answered with once it is revoked. */
const visits: Record<string, () => Promise<Visit>> = {
  async 'a guest session'() {
    const { body: room } = await backend().post('/v1/rooms').send({});
    const { body: link } = await backend().post(`/v1/rooms/${room.id}/guest-links`).send({});

    return {
      path: '/v1/guest-sessions',
      body: { code: api.keepSecret(new URL(link.url).hash.slice(1)), displayName: 'Guest' },
      revoke: () => backend().delete(`/v1/rooms/${room.id}/guest-links/${link.id}`),
      gone: [404, 'not_found'],
    };
  },
  async 'a session'() {
    await backend().post('/v1/users').send({ id: 'alice' });
    const { body: made } = await backend().post('/v1/users/alice/access-tokens').send({});

    return {
      path: '/v1/sessions',
      body: { accessToken: api.keepSecret(made.accessToken) },
      revoke: () => backend().delete(`/v1/users/alice/access-tokens/${made.id}`),
      gone: [401, 'unauthenticated'],
    };
  },
};

async function ask(visit: Visit, key: string, origin?: string): Promise<Response> {
  const asked = request(api.app).post(visit.path).set('Idempotency-Key', key);
  const answer = await (origin === undefined ? asked : asked.set('Origin', origin)).send(visit.body);
  if (answer.status === 201) {
    api.keepSecret(answer.body.token);
  }

  return answer;
}

describe.each(Object.entries(visits))('%s asked for again with the same Idempotency-Key', (_what, make) => {
  it('is refused to a page of an origin that the application does not list', async () => {
    const [visit, key] = [await make(), randomUUID()];
    expect((await ask(visit, key)).status).toBe(201);

    const answer = await ask(visit, key, 'https://evil.example');

    expect([answer.status, answer.body.code, answer.body.token]).toEqual([403, 'forbidden', undefined]);
  });

  it('counts against the limit of visitors', async () => {
    const [visit, key] = [await make(), randomUUID()];

    const answers = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      answers.push(await ask(visit, key));
    }

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429]);
  });

  it('gives no token any more once the secret is revoked', async () => {
    const [visit, key] = [await make(), randomUUID()];
    expect((await ask(visit, key)).status).toBe(201);
    await visit.revoke();

    const answer = await ask(visit, key);

    expect([answer.status, answer.body.code]).toEqual(visit.gone);
    expect(answer.body.token).toBeUndefined();
  });

  it.each(['1', 'visit-1', 'a'.repeat(31)])(
    'needs a key that no other visitor comes upon, unlike "%s"',
    async (key) => {
      const answer = await ask(await make(), key);

      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    },
  );

  it('takes the keys of a client that writes its UUIDs without dashes', async () => {
    const [visit, key] = [await make(), randomUUID().replaceAll('-', '')];

    const [first, again] = [await ask(visit, key), await ask(visit, key)];

    expect([first.status, again.body]).toEqual([201, first.body]);
  });
});
