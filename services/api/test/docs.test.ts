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
