import { exampleWorld } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../src/openApi/openApiDocument.ts';
import { makeExampleWorld, type WorldCredentials } from './exampleWorld.ts';
import { publicUrl, startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
let aheadMs = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
});
afterAll(() => api.close());

interface Refusal {
  readonly path: string;
  readonly status: number;
  readonly error: string;
  readonly provoke: (asking: request.Test, client: Readonly<Record<string, string>>) => request.Test;
}

const publicClient = { client_id: exampleWorld.application.publicKey };

/** What OAuth refuses: a request that is, and the word for it. */
const refusals: readonly Refusal[] = [
  {
    path: '/v1/oauth/token',
    status: 400,
    error: 'invalid_grant',
    provoke: (asking) =>
      asking.type('form').send({
        ...publicClient,
        grant_type: 'password',
        username: 'nobody@acme.example',
        password: 'wrong',
      }),
  },
  {
    path: '/v1/oauth/token',
    status: 400,
    error: 'invalid_request',
    provoke: (asking) => asking.type('form').send(publicClient),
  },
  {
    path: '/v1/oauth/token',
    status: 400,
    error: 'unsupported_grant_type',
    provoke: (asking) => asking.type('form').send({ ...publicClient, grant_type: 'implicit' }),
  },
  {
    path: '/v1/oauth/token',
    status: 400,
    error: 'invalid_client',
    provoke: (asking) => asking.type('form').send({ grant_type: 'password', client_id: 'pk_nobody' }),
  },
  {
    path: '/v1/oauth/revoke',
    status: 400,
    error: 'invalid_request',
    provoke: (asking) => asking.send({ token: 'any' }),
  },
  {
    path: '/v1/oauth/revoke',
    status: 401,
    error: 'invalid_client',
    provoke: (asking) => asking.auth('key_nobody', 'sk_wrong').type('form').send({ token: 'any' }),
  },
  {
    path: '/v1/oauth/revoke',
    status: 403,
    error: 'unauthorized_client',
    provoke: (asking, client) =>
      asking
        .set('Origin', 'https://elsewhere.example')
        .type('form')
        .send({ ...client, token: 'any' }),
  },
  {
    path: '/v1/oauth/introspect',
    status: 403,
    error: 'unauthorized_client',
    provoke: (asking) => asking.type('form').send({ ...publicClient, token: 'any' }),
  },
];

describe('every documented example of the OAuth endpoints', () => {
  const forms = Object.entries(openApiDocument(publicUrl).paths)
    .filter(([path]) => path.startsWith('/v1/oauth/'))
    .flatMap(([path, { post }]) =>
      Object.values(post?.requestBody?.content ?? {}).flatMap(({ examples = {} }) =>
        Object.entries(examples).map(([name, { summary, value }]) => ({
          path,
          title: summary,
          value,
          documented: post?.responses['200']?.content?.['application/json']?.examples?.[name]?.value,
        })),
      ),
    );

  const outcomes: Readonly<Record<string, object>> = {
    '/v1/oauth/token': { token_type: 'Bearer', access_token: expect.any(String) },
    '/v1/oauth/revoke': {},
    '/v1/oauth/introspect': { active: true, sub: exampleWorld.alice.id },
  };

  it('is there for each of them', () => {
    expect([...new Set(forms.map(({ path }) => path))]).toEqual(Object.keys(outcomes));
  });

  it.for(forms)('$path: $title', async ({ path, value, documented }) => {
    const world = await makeExampleWorld(api);
    // An example has revoked the key, which the api remembers for a second.
    aheadMs += 2_000;
    const secrets: Readonly<Record<string, string>> = {
      'sk_…': world.key.replace('Bearer ', ''),
      'rt_…': await refreshTokenOfAlice(),
      [exampleWorld.sessionToken]: await tokenOfAlice(world),
    };
    const form = Object.fromEntries(
      Object.entries(value as Record<string, string>).map(([name, text]) => [name, secrets[text] ?? text]),
    );

    const answer = await request(api.app).post(path).type('form').send(form);

    for (const secret of [answer.body.access_token, answer.body.refresh_token, answer.body.id_token]) {
      api.keepSecret(secret ?? 'none');
    }
    expect([answer.status, answer.body.error_description]).toEqual([200, undefined]);
    expect(answer.body).toMatchObject(outcomes[path] ?? {});
    expect(shapeOf(answer.body)).toEqual(shapeOf(documented ?? {}));
    // A revocation is answered alike whatever it finds.
    expect(await api.database.refreshGrant.count({ where: { revokedAt: { not: null } } })).toBe(
      path === '/v1/oauth/revoke' ? 1 : 0,
    );
  });

  it.for(refusals)('$path refuses with $status as documented: $error', async (refusal) => {
    const world = await makeExampleWorld(api);
    aheadMs += 2_000;
    const secret = world.key.replace('Bearer ', '');

    const answer = await refusal.provoke(request(api.app).post(refusal.path), {
      client_id: exampleWorld.apiKey.id,
      client_secret: secret,
    });

    const { post } = openApiDocument(publicUrl).paths[refusal.path] ?? {};
    const { examples = {} } = post?.responses[refusal.status]?.content?.['application/json'] ?? {};
    expect([answer.status, answer.body]).toEqual([refusal.status, examples[refusal.error]?.value]);
  });
});

async function refreshTokenOfAlice(): Promise<string> {
  const { application, alice, alicePassword } = exampleWorld;
  const answer = await request(api.app)
    .post('/v1/oauth/token')
    .type('form')
    .send({
      grant_type: 'password',
      client_id: application.publicKey,
      username: String(alice.email),
      password: alicePassword,
      scope: 'openid',
    });

  return api.keepSecret(answer.body.refresh_token);
}

async function tokenOfAlice({ key }: WorldCredentials): Promise<string> {
  const path = `/v1/users/${exampleWorld.alice.id}/tokens`;
  const { body } = await request(api.app).post(path).set('Authorization', key).send({});

  return api.keepSecret(body.token);
}

/** The names of an answer's fields, each with the kind of its value; of what OAuth has few values, the value. */
function shapeOf(answer: object): unknown {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      ['token_type', 'scope', 'expires_in', 'active', 'sub', 'aud'].includes(name) ? value : typeof value,
    ]),
  );
}
