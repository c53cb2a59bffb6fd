import { randomUUID } from 'node:crypto';
import {
  operationNames,
  operations,
  type OperationDescription,
  type OperationName,
} from '@parley/protocol/rest';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretLifetimeMs, answerLifetimeMs } from '../src/idempotency/IdempotentRequest.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let adminKey: string;
let accessToken: string;
let guestCode: string;
let aheadMs = 0;
let roomId: string;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
  mine = await api.createApplication();
  adminKey = await mine.keyWith(['provision', 'admin']);
  const user = await send('/v1/users', { id: 'alice', issueAccessToken: true });
  accessToken = api.keepSecret(user.body.accessToken.accessToken);
  roomId = (await send('/v1/rooms', {})).body.id;
  const link = await send(`/v1/rooms/${roomId}/guest-links`, {
    role: 'attendee',
    expiresInSeconds: 3600,
  });
  guestCode = api.keepSecret(new URL(link.body.url).hash.slice(1));
});
afterAll(() => api.close());

interface Ask {
  path: string;
  body: object;
  otherBody: object;
  authorization?: string | undefined;
}

async function send(
  path: string,
  body: object,
  { key, authorization = mine.key }: { key?: string; authorization?: string | undefined } = {},
): Promise<Response> {
  let asked = request(api.app).post(path);
  asked = authorization === '' ? asked : asked.set('Authorization', authorization);
  asked = key === undefined ? asked : asked.set('Idempotency-Key', key);
  const answer = await asked.send(body);
  for (const secret of secretsIn(answer.body)) {
    api.keepSecret(secret);
  }

  return answer;
}

/** The texts in an answer that must be neither logged nor lie readable in the database. */
function secretsIn({ token, accessToken: value, secret, url }: Record<string, unknown>): string[] {
  const session = typeof token === 'object' && token !== null && 'token' in token ? token.token : token;
  const opaque =
    typeof value === 'object' && value !== null && 'accessToken' in value ? value.accessToken : value;
  const code = typeof url === 'string' ? url.split('#')[1] : undefined;

  return [session, opaque, secret, code].filter((text) => typeof text === 'string');
}

/** How each operation that takes an Idempotency-Key is asked for, and asked for otherwise. */
const asks: Partial<Record<OperationName, () => Ask>> = {
  createUser: () => ({
    path: '/v1/users',
    body: { displayName: 'A', issueToken: true },
    otherBody: { displayName: 'B', issueToken: true },
  }),
  issueToken: () => ({
    path: '/v1/users/alice/tokens',
    body: { expiresInSeconds: 600 },
    otherBody: { expiresInSeconds: 601 },
  }),
  createAccessToken: () => ({
    path: '/v1/users/alice/access-tokens',
    body: { name: 'A' },
    otherBody: { name: 'B' },
  }),
  createSession: () => ({
    path: '/v1/sessions',
    body: { accessToken },
    otherBody: { accessToken, expiresInSeconds: 600 },
    authorization: '',
  }),
  createGuestSession: () => ({
    path: '/v1/guest-sessions',
    body: { code: guestCode, displayName: 'A' },
    otherBody: { code: guestCode, displayName: 'B' },
    authorization: '',
  }),
  createRoom: () => ({ path: '/v1/rooms', body: { name: 'A' }, otherBody: { name: 'B' } }),
  createGuestLink: () => ({
    path: `/v1/rooms/${roomId}/guest-links`,
    body: { role: 'attendee', expiresInSeconds: 600 },
    otherBody: { role: 'attendee', expiresInSeconds: 601 },
  }),
  createApplication: () => ({
    path: '/v1/applications',
    body: { name: 'A' },
    otherBody: { name: 'B' },
    authorization: api.operatorKey,
  }),
  createApiKey: () => ({
    path: `/v1/applications/${mine.applicationId}/keys`,
    body: { name: 'A', rights: ['anonymous'] },
    otherBody: { name: 'B', rights: ['anonymous'] },
    authorization: adminKey,
  }),
  rotateSigningKey: () => ({
    path: '/v1/signing-keys',
    body: {},
    // There is nothing else to ask: another request is one with another path.
    otherBody: { name: 'B' },
    authorization: api.operatorKey,
  }),
};

const descriptions: Readonly<Record<OperationName, OperationDescription>> = operations;
const repeatable = operationNames.filter((name) => descriptions[name].idempotency !== undefined);

const askFor = (name: OperationName): Ask => {
  const ask = asks[name];
  if (ask === undefined) {
    throw new Error(`Say in this test how ${name} is asked for.`);
  }

  return ask();
};

const keptOf = (key: string) => api.database.idempotentAnswer.findFirst({ where: { key } });

describe.each(repeatable)('%s with an Idempotency-Key', (name) => {
  it('is carried out once, and answered the same again', async () => {
    const { path, body, authorization } = askFor(name);
    const key = randomUUID();

    const first = await send(path, body, { key, authorization });
    const again = await send(path, body, { key, authorization });

    expect([first.status, first.headers['idempotency-replayed']]).toEqual([
      operations[name].status,
      undefined,
    ]);
    expect(again.status).toBe(first.status);
    // To the letter: who checks a signature or compares texts takes it for another answer else.
    expect(again.text).toBe(first.text);
    expect(again.headers['location']).toBe(first.headers['location']);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await send(path, body, { key: randomUUID(), authorization })).body).not.toEqual(first.body);
  });

  it('is refused for another body', async () => {
    const { path, body, otherBody, authorization } = askFor(name);
    const key = randomUUID();
    await send(path, body, { key, authorization });

    const answer = await send(path, otherBody, { key, authorization });

    expect([answer.status, answer.body.code]).toEqual(
      name === 'rotateSigningKey' ? [400, 'invalid_request'] : [422, 'idempotency_key_reused'],
    );
  });

  it('is carried out once when it is asked for twice at once', async () => {
    const { path, body, authorization } = askFor(name);
    const key = randomUUID();

    const answers = await Promise.all([1, 2, 3].map(() => send(path, body, { key, authorization })));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => operations[name].status));
    expect(answers.map((answer) => answer.body)).toEqual(answers.map(() => answers[0]?.body));
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(2);
  });

  it('keeps its answer sealed when it holds a secret, and shows that for ten minutes', async () => {
    const { path, body, authorization } = askFor(name);
    const key = randomUUID();
    const first = await send(path, body, { key, authorization });
    const secrets = secretsIn(first.body);
    expect(secrets.length > 0).toBe(descriptions[name].idempotency === 'secret');

    const kept = await keptOf(key);
    const bytes = Buffer.from(kept?.sealedBody ?? []);
    expect(
      secrets.some((secret) => bytes.includes(secret) || JSON.stringify(kept?.body).includes(secret)),
    ).toBe(false);

    try {
      aheadMs = secretLifetimeMs - 60_000;
      expect((await send(path, body, { key, authorization })).body).toEqual(first.body);
      aheadMs = secretLifetimeMs + 1;
      const late = await send(path, body, { key, authorization });
      expect([late.status, late.body.code]).toEqual(
        secrets.length > 0 ? [409, 'secret_already_shown'] : [first.status, undefined],
      );
    } finally {
      aheadMs = 0;
    }
  });
});

describe('an Idempotency-Key', () => {
  it('is taken by every POST that makes something', () => {
    const makers = operationNames.filter(
      (name) => operations[name].method === 'post' && operations[name].status === 201,
    );

    expect(makers).toEqual(repeatable);
  });

  it('is refused for another path, though the body is the same', async () => {
    const key = 'another-path';
    await send('/v1/users', { id: 'bob' });
    const first = await send('/v1/users/alice/tokens', {}, { key });

    const answer = await send('/v1/users/bob/tokens', {}, { key });

    expect([first.status, answer.status, answer.body.code]).toEqual([201, 422, 'idempotency_key_reused']);
  });

  it('is forgotten when the request failed, so that it can be asked again', async () => {
    const key = 'failed';
    await send('/v1/users', { id: 'in-the-way' });
    const body = { id: 'in-the-way', displayName: 'A' };
    expect((await send('/v1/users', body, { key })).status).toBe(409);
    await request(api.app).delete('/v1/users/in-the-way').set('Authorization', mine.key);

    const answer = await send('/v1/users', body, { key });

    expect([answer.status, answer.headers['idempotency-replayed']]).toEqual([201, undefined]);
  });

  it('belongs to its application, and there to those of one right', async () => {
    const theirs = await api.createApplication();
    const key = 'the-same';
    const body = { id: 'same', issueToken: true };
    const first = await send('/v1/users', body, { key, authorization: adminKey });

    const neighbour = await send('/v1/users', body, { key, authorization: theirs.key });
    const lesser = await send('/v1/users', body, { key });
    const rotated = await send('/v1/users', body, {
      key,
      authorization: await mine.keyWith(['provision', 'admin']),
    });

    expect([first.status, neighbour.status, lesser.status]).toEqual([201, 201, 409]);
    expect(neighbour.body.token.token).not.toBe(first.body.token.token);
    expect(rotated.body).toEqual(first.body);
  });

  it('is good for a day, for an answer without a secret', async () => {
    const key = 'a-day';
    const first = await send('/v1/users', { displayName: 'Day' }, { key });
    try {
      aheadMs = answerLifetimeMs - 60_000;
      expect((await send('/v1/users', { displayName: 'Day' }, { key })).body).toEqual(first.body);
      aheadMs = answerLifetimeMs + 60_000;
      const next = await send('/v1/users', { displayName: 'Day' }, { key });
      expect([next.status, next.headers['idempotency-replayed']]).toEqual([201, undefined]);
      expect(next.body.id).not.toBe(first.body.id);
    } finally {
      aheadMs = 0;
    }
  });

  it('leaves no hash of the body by which a password could be guessed', async () => {
    const body = { id: 'guess', email: 'guess@example.org', password: api.keepSecret('correct horse') };
    const other = await startTestApi();
    try {
      const application = await other.createApplication();
      const key = 'with-a-password';
      await send('/v1/users', body, { key });
      await request(other.app)
        .post('/v1/users')
        .set({ Authorization: application.key, 'Idempotency-Key': key })
        .send(body);

      const [here, there] = [await keptOf(key), await other.database.idempotentAnswer.findFirst()];

      // The same request under another master key: a hash that anybody can compute would be the same.
      expect(there?.requestHash).toBeDefined();
      expect(here?.requestHash).not.toEqual(there?.requestHash);
    } finally {
      await other.close();
    }
  });

  it.each(['', 'with space', 'ü', 'x'.repeat(256)])('that is "%s" is refused', async (key) => {
    const answer = await request(api.app)
      .post('/v1/users')
      .set('Authorization', mine.key)
      .set('Idempotency-Key', Buffer.from(key).toString('latin1'))
      .send({});

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});
