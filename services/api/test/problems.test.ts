import { errorTable } from '@parley/protocol';
import { problemSchema } from '@parley/protocol/rest';
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

const post = (body: string, type = 'application/json') =>
  request(api.app).post('/v1/rooms').set('Authorization', mine.key).set('Content-Type', type).send(body);

describe('problem documents', () => {
  it('follow RFC 9457 and name the request that the log names', async () => {
    const answer = await request(api.app).get('/v1/nowhere');

    expect(answer.type).toBe('application/problem+json');
    const requestId = answer.headers['x-request-id'];
    expect(problemSchema.strict().parse(JSON.parse(answer.text))).toEqual({
      type: 'urn:parley:error:not_found',
      title: errorTable.not_found.title,
      status: 404,
      detail: 'There is no GET /v1/nowhere.',
      code: 'not_found',
      instance: `urn:uuid:${requestId}`,
    });
    expect(api.logs.some((line) => line.includes(String(requestId)))).toBe(true);
  });

  it.each([
    ['JSON cut off', () => post('{"name": "Bo'), 400, 'malformed_json'],
    ['a bare word', () => post('"open"'), 400, 'malformed_json'],
    ['more than 100 KB', () => post(JSON.stringify({ name: 'x'.repeat(102_400) })), 413, 'payload_too_large'],
    ['a form', () => post('name=Board', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type'],
    [
      'an unknown charset',
      () => post('{}', 'application/json; charset=klingon'),
      415,
      'unsupported_media_type',
    ],
    ['an unknown encoding', () => post('{}').set('Content-Encoding', 'zip'), 415, 'unsupported_media_type'],
    ['no such method', () => request(api.app).put('/v1/rooms'), 405, 'method_not_allowed'],
    ['no such page', () => request(api.app).get('/admin'), 404, 'not_found'],
  ])('answer %s', async (_case, send, status, code) => {
    const answer = await send();

    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(problemSchema.parse(JSON.parse(answer.text)).code).toBe(code);
  });

  it.each([
    ['/v1/rooms', 'put', 'POST, GET, HEAD'],
    ['/v1/rooms/r1', 'post', 'GET, HEAD, PATCH, DELETE'],
    ['/v1/users/alice/tokens', 'get', 'POST, DELETE'],
    ['/v1/me/calls', 'delete', 'GET, HEAD'],
  ] as const)('tell the methods of %s to who sends %s', async (path, method, allow) => {
    const answer = await request(api.app)[method](path);

    expect([answer.status, answer.body.code]).toEqual([405, 'method_not_allowed']);
    expect(answer.headers['allow']?.split(', ').toSorted()).toEqual(allow.split(', ').toSorted());
    expect(answer.body.detail).toContain(method.toUpperCase());
  });

  it("tell the method of the token endpoint, in OAuth's own shape", async () => {
    const answer = await request(api.app).get('/v1/oauth/token');

    expect([answer.status, answer.headers['allow'], answer.body.error]).toEqual([
      405,
      'POST',
      'invalid_request',
    ]);
  });

  it('say nothing of what failed inside; the log does', async () => {
    const broken = await startTestApi();
    const { key } = await broken.createApplication();
    await broken.database.$executeRaw`DROP TABLE "GuestLink", "RosterEntry", "Room"`;

    const answer = await request(broken.app).get('/v1/rooms').set('Authorization', key);

    expect(answer.status).toBe(500);
    expect(problemSchema.parse(JSON.parse(answer.text))).toMatchObject({
      code: 'internal',
      detail: errorTable.internal.title,
    });
    expect(broken.logs.join('')).toContain('does not exist');
    await broken.close();
  });
});

describe('CORS of the REST API', () => {
  it('answers a preflight without a key, for it brings none', async () => {
    const answer = await request(api.app)
      .options('/v1/rooms')
      .set({ Origin: allowedOrigin, 'Access-Control-Request-Method': 'POST' });

    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe(allowedOrigin);
    expect(answer.headers['access-control-allow-headers']).toBe('Authorization,Content-Type,Idempotency-Key');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('refuses the request of a page whose origin the application does not list, tells it why and does nothing', async () => {
    const before = await api.database.room.count();

    const answer = await post('{}').set('Origin', 'https://evil.example');

    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect(answer.body.detail).toContain('allowedOrigins');
    expect(answer.headers['access-control-allow-origin']).toBe('https://evil.example');
    expect(await api.database.room.count()).toBe(before);
    expect((await post('{}').set('Origin', allowedOrigin)).status).toBe(201);
  });
});
