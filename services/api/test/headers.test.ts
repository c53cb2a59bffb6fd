import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedOrigin, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
});
afterAll(() => api.close());

const paths = [
  ['an operation', '/v1/users', 200],
  ['one that is refused', '/v1/applications', 403],
  ['what is not there', '/v1/nowhere', 404],
  ['the meeting page', '/', 200],
  ['the SDK', '/sdk/parley-calling.js', 200],
  ['the keys', '/.well-known/jwks.json', 200],
  ['the health check', '/healthz', 200],
  ['the OpenAPI document', '/openapi.json', 200],
  ['the page that shows it', '/docs', 200],
  ['the reference of the SDK', '/docs/sdk/', 200],
] as const;

const ask = (path: string) => request(api.app).get(path).redirects(1).set('Authorization', mine.key);

describe.each(paths)('%s', (_case, path, status) => {
  it('comes with a request id of its own and the headers that keep browsers from guessing', async () => {
    const [one, other] = [await ask(path), await ask(path)];

    expect(one.status).toBe(status);
    expect(one.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(one.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(one.headers['x-powered-by']).toBeUndefined();
    expect(other.headers['x-request-id']).not.toBe(one.headers['x-request-id']);
  });
});

describe('an answer that no cache keeps', () => {
  it.each([
    ['an operation', () => ask('/v1/users')],
    ['a problem', () => ask('/v1/nowhere')],
    ['an error of OAuth', () => request(api.app).post('/v1/oauth/token').type('form').send({})],
    [
      'an introspection',
      async () => {
        const admin = await mine.keyWith(['admin']);
        const secret = admin.slice('Bearer '.length);

        return request(api.app)
          .post('/v1/oauth/introspect')
          .type('form')
          .send({ token: 'x', client_id: `key_${secret.slice(3, 19)}`, client_secret: secret });
      },
    ],
    ['the health check', () => ask('/healthz')],
    ['the settings of the page', () => ask('/web-config.json')],
  ])('has no ETag, and ends its line: %s', async (_case, send) => {
    const answer = await send();

    expect(answer.text.at(-1)).toBe('\n');
    expect(() => JSON.parse(answer.text)).not.toThrow();
    expect(answer.headers['etag']).toBeUndefined();
  });
});

describe('an answer of the REST API', () => {
  it('is kept by no cache', async () => {
    expect((await ask('/v1/users')).headers['cache-control']).toBe('no-store');
    expect((await ask('/v1/applications')).headers['cache-control']).toBe('no-store');
  });

  it('lets a page of an allowed origin read what it has to know, refusals included', async () => {
    for (const path of ['/v1/users', '/v1/applications']) {
      const { headers } = await ask(path).set('Origin', allowedOrigin);

      expect(headers['access-control-allow-origin']).toBe(allowedOrigin);
      expect(String(headers['access-control-expose-headers']).split(',').toSorted()).toEqual([
        'Idempotency-Replayed',
        'Location',
        'RateLimit',
        'RateLimit-Policy',
        'Retry-After',
        'X-Request-Id',
      ]);
      expect(headers['vary']).toContain('Origin');
    }
  });

  it('says where the new thing is, and whether it was told before', async () => {
    const create = () =>
      request(api.app)
        .post('/v1/rooms')
        .set({ Authorization: mine.key, 'Idempotency-Key': 'the-one-room' })
        .send({});

    const [first, again] = [await create(), await create()];

    expect(first.headers['location']).toBe(`/v1/rooms/${first.body.id}`);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect([again.headers['location'], again.headers['idempotency-replayed']]).toEqual([
      first.headers['location'],
      'true',
    ]);
  });
});

describe('a body', () => {
  const post = (body: string) =>
    request(api.app)
      .post('/v1/users')
      .set({ Authorization: mine.key, 'Content-Type': 'application/json' })
      .send(body);

  it('of up to 100 KB is read, and of more refused before it is parsed', async () => {
    const padded = (bytes: number) => `${JSON.stringify({ id: `u${bytes}` })}${' '.repeat(bytes)}`;

    expect((await post(padded(100_000))).status).toBe(201);
    expect((await post(padded(102_400))).body.code).toBe('payload_too_large');
  });

  it('of a form to the token endpoint has a limit too', async () => {
    const answer = await request(api.app)
      .post('/v1/oauth/token')
      .type('form')
      .send(`grant_type=password&username=${'a'.repeat(200_000)}`);

    expect([answer.status, answer.body.error]).toEqual([413, 'invalid_request']);
  });
});
