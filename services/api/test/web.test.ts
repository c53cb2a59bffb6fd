import { webConfigSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../src/index.ts';
import { startTestApi, type TestApi } from './testApi.ts';

const demo: Demo = {
  url: 'http://localhost:8080',
  applicationId: 'demo',
  publicKey: 'pk_demo',
  privateKey: 'key_demo',
  secret: 'sk_demo-secret-of-the-page-test',
  users: [{ id: 'alice', email: 'alice@example.org', password: 'demo-password-a', displayName: 'Alice' }],
  room: { id: 'demo', guestLink: 'http://localhost:8080/join#code' },
};

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ demo });
  api.keepSecret(demo.secret);
  api.keepSecret('demo-password-a');
});
afterAll(() => api.close());

const get = (path: string) => request(api.app).get(path);

describe('the SDK', () => {
  it.each([
    ['as a module', '/sdk/parley-calling.js', 'export const sdk = 1;'],
    ['as a script', '/sdk/parley-calling.iife.js', 'var Parley = 1;'],
    ['with a part of its own', '/sdk/parley-calling-some-part.js', 'export const part = 1;'],
    ['with a worker', '/sdk/parley-calling-frames.worker.js', 'onmessage = 1;'],
  ])('can be loaded %s by pages of every origin, again only when it has changed', async (_as, path, text) => {
    const answer = await get(path).set('Origin', 'https://anywhere.example');

    expect([answer.status, answer.text]).toEqual([200, text]);
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(answer.headers['cache-control']).toBe('public, no-cache');
    const etag = String(answer.headers['etag']);
    expect((await get(path).set('If-None-Match', etag)).status).toBe(304);
  });

  it('comes with its source maps and nothing else of its folder', async () => {
    expect((await get('/sdk/parley-calling.js.map')).body).toEqual({ version: 3 });
    expect((await get('/sdk/parley-calling.iife.js.map')).body).toEqual({ version: 3 });
    for (const path of ['/sdk/', '/sdk/index.html', '/sdk/sdk-bundle.js', '/sdk/parley-calling-none.js']) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

describe('the meeting page', () => {
  it.each(['/', '/join'])('is at %s and asked for each time', async (path) => {
    const answer = await get(path);

    expect([answer.status, answer.type]).toEqual([200, 'text/html']);
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  it('keeps hashed files for a year', async () => {
    const answer = await get('/assets/page-1a2b3c.js');

    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('runs under a policy that loads nothing from elsewhere and connects to this service only', async () => {
    const policy = String((await get('/')).headers['content-security-policy']);

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' https://calls.example wss://calls.example");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/.env', '/assets/..%2f..%2fetc%2fpasswd'])(
    'has no way out of its folder by %s',
    async (path) => {
      expect((await get(path)).status).toBeGreaterThanOrEqual(400);
    },
  );
});

describe('GET /web-config.json', () => {
  it('gives our own page the demo, without the REST secret, and no other page anything', async () => {
    const answer = await get('/web-config.json').set('Origin', 'https://evil.example');

    expect(webConfigSchema.strict().parse(answer.body)).toEqual({
      publicKey: 'pk_demo',
      demo: { users: demo.users, room: demo.room },
    });
    expect(answer.text).not.toContain(demo.secret);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is empty for a host name that is not ours, which somebody may have made to point here', async () => {
    expect((await get('/web-config.json').set('Host', 'evil.example:8080')).body).toEqual({});
    expect((await get('/web-config.json').set('Host', 'localhost:8080')).body.publicKey).toBe('pk_demo');
  });

  it('is empty without a demo', async () => {
    const plain = await startTestApi();

    expect((await request(plain.app).get('/web-config.json')).body).toEqual({});
    await plain.close();
  });
});

describe('GET /.well-known/jwks.json', () => {
  it('shows the public half of the keys to everybody', async () => {
    const answer = await get('/.well-known/jwks.json');

    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.body.keys).toHaveLength(1);
    expect(answer.body.keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
    expect(answer.body.keys[0].d).toBeUndefined();
    expect(await api.admission.signingKeys()).toEqual(answer.body.keys);
  });
});
