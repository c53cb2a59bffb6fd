import { createHash } from 'node:crypto';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const get = (path: string) => request(api.app).get(path);

describe('GET /docs', () => {
  it('is a page whose scripts and styles lie beside it', async () => {
    const page = await get('/docs');

    expect([page.status, page.type]).toEqual([200, 'text/html']);
    const places = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, place = '']) => place);
    const files = places.filter((place) => /\.(?:js|css)$/.test(place));
    expect(files).toHaveLength(4);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\//);
      expect((await get(file)).status).toBe(200);
    }
  });

  it('may run no script in the page and reach nobody but the service', async () => {
    const policy = String((await get('/docs')).headers['content-security-policy']);

    expect(policy.split('; ').toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self' https://calls.example",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self'",
    ]);
  });

  it.each(['/docs/package.json', '/docs/docsRoutes.ts', '/docs/../docsRoutes.ts', '/docs/swagger-ui.js'])(
    'gives away nothing else: %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

describe('GET /docs/sdk/', () => {
  it('is the reference of the SDK, also where the address lacks its last stroke', async () => {
    const page = await get('/docs/sdk').redirects(1);

    expect([page.status, page.type]).toEqual([200, 'text/html']);
    expect(page.text).toContain('Parley SDK');
    expect((await get('/docs/sdk/interfaces/Call.html')).status).toBe(200);
  });

  it('may run no script in the page and reach nobody at all', async () => {
    const policy = String((await get('/docs/sdk/')).headers['content-security-policy']);

    expect(policy.split('; ').toSorted()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      // Of nothing at all: a style that is empty.
      `style-src 'self' 'sha256-${createHash('sha256').update('').digest('base64')}'`,
    ]);
  });

  it.each([
    '/docs/sdk/nothing.html',
    '/docs/sdk/../index.html',
    '/docs/sdk/..%2findex.html',
    '/docs/sdk/interfaces/',
  ])('gives away nothing else: %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
