import { verify } from '@node-rs/argon2';
import { tokenResponseSchema } from '@parley/protocol/rest';
import { createLocalJWKSet, jwtVerify } from 'jose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { whileUserIsHeld } from './heldUser.ts';
import { allowedOrigin, publicUrl, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

// Works as ever and remembers its calls.
vi.mock('@node-rs/argon2', { spy: true });

const password = 'alice-likes-long-words';
let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  api.keepSecret(password);
  mine = await api.createApplication();
  const user = { id: 'alice', displayName: 'Alice', email: 'alice@example.org', password };
  await request(api.app).post('/v1/users').set('Authorization', mine.key).send(user);
  await request(api.app)
    .post('/v1/users')
    .set('Authorization', mine.key)
    .send({ id: 'bob', email: 'bob@example.org' });
});
afterAll(() => api.close());

const form = (changes: Record<string, string | undefined> = {}): Record<string, string> => {
  const fields = {
    grant_type: 'password',
    client_id: mine.publicKey,
    username: 'alice@example.org',
    password,
    scope: 'openid',
    ...changes,
  };

  return Object.fromEntries(Object.entries(fields).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
};
const signIn = (changes: Record<string, string | undefined> = {}, app = api.app) =>
  request(app).post('/v1/oauth/token').type('form').send(form(changes));

describe('POST /v1/oauth/token', () => {
  it('exchanges e-mail and password for a session token, fit for the sfu as it is', async () => {
    const answer = await signIn({ username: 'Alice@Example.org' });

    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const tokens = tokenResponseSchema.strict().parse(answer.body);
    api.keepSecret(tokens.access_token);
    api.keepSecret(tokens.refresh_token ?? '');
    const claims = await api.verify(tokens.access_token);
    expect(claims).toMatchObject({
      applicationId: mine.applicationId,
      identity: { userId: 'alice', displayName: 'Alice', kind: 'user' },
      scopes: ['calls'],
    });
    expect(Math.abs(claims.expiresAtMs - Date.now() - tokens.expires_in * 1000)).toBeLessThan(3_000);
  });

  it('gives an id token for the client, verifiable with the published keys, when openid is asked', async () => {
    const { body } = await signIn();
    const jwks = (await request(api.app).get('/.well-known/jwks.json')).body;

    const { payload } = await jwtVerify(body.id_token, createLocalJWKSet(jwks), {
      issuer: publicUrl,
      audience: mine.publicKey,
    });

    expect(payload).toMatchObject({
      sub: 'alice',
      preferred_username: 'alice@example.org',
      'services-identity': 'alice',
    });
    api.keepSecret(body.id_token);
    expect((await signIn({ scope: undefined })).body.id_token).toBeUndefined();
  });

  it('is served where pages of older systems look for it, to pages of allowed origins alone', async () => {
    const at = (origin: string) =>
      request(api.app).post('/cpaas/auth/v1/token').type('form').set('Origin', origin).send(form());
    const preflight = await request(api.app)
      .options('/cpaas/auth/v1/token')
      .set('Origin', allowedOrigin)
      .set('Access-Control-Request-Method', 'POST');

    const [allowed, refused] = [await at(allowedOrigin), await at('https://evil.example')];

    expect(preflight.headers['access-control-allow-origin']).toBe(allowedOrigin);
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, allowedOrigin]);
    expect(allowed.headers['cache-control']).toBe('no-store');
    expect([refused.status, refused.body.error]).toEqual([403, 'unauthorized_client']);
  });

  it('takes a parameter without a value for one that was left out', async () => {
    const answer = await signIn({ client_secret: '', scope: '' });

    expect([answer.status, answer.body.id_token]).toEqual([200, undefined]);
  });

  it('takes the public client by HTTP Basic too, and refuses to be told it twice', async () => {
    const basic = (clientId: string) => `Basic ${btoa(`${clientId}:`)}`;
    const byHeader = (authorization: string, changes: Record<string, string | undefined>) =>
      signIn(changes).set('Authorization', authorization);

    const right = await byHeader(basic(mine.publicKey), { client_id: undefined });
    const twice = await byHeader(basic('pk_1'), {});
    const unknown = await byHeader(basic('pk_1'), { client_id: undefined });
    const garbled = await byHeader('Basic %', { client_id: undefined });

    expect(right.status).toBe(200);
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request']);
    for (const { status, body, headers } of [unknown, garbled]) {
      expect([status, body.error]).toEqual([401, 'invalid_client']);
      expect(headers['www-authenticate']).toMatch(/^Basic /);
    }
  });

  it('signs in with a password of any characters', async () => {
    const user = { id: 'dave', email: 'dave@example.org', password: 'långt & 🙂+%20 löse=ord' };
    await request(api.app).post('/v1/users').set('Authorization', mine.key).send(user);

    const right = await signIn({ username: user.email, password: user.password });
    const wrong = await signIn({ username: user.email, password: user.password.replace('🙂', '🙃') });

    expect([right.status, wrong.status]).toEqual([200, 400]);
  });

  it('gives an administrator the scope admin, for one hour', async () => {
    const admin = await mine.keyWith(['admin']);
    const user = { id: 'root', email: 'root@example.org', password, admin: true };
    await request(api.app).post('/v1/users').set('Authorization', admin).send(user);

    const { body } = await signIn({ username: user.email });
    const narrowed = await signIn({ username: user.email, scope: 'openid calls' });

    const claims = await api.verify(api.keepSecret(body.access_token));
    expect(claims.scopes).toEqual(['calls', 'admin']);
    expect([body.expires_in, body.scope]).toEqual([3_600, 'openid calls admin']);
    expect(Math.ceil((claims.expiresAtMs - claims.issuedAtMs) / 1_000)).toBe(3_600);
    expect([narrowed.body.expires_in, narrowed.body.scope]).toEqual([86_400, 'openid calls']);
    const users = await request(api.app).get('/v1/users').set('Authorization', `Bearer ${body.access_token}`);
    expect(users.status).toBe(200);
  });

  it('ignores parameters it does not know', async () => {
    expect((await signIn({ resource: 'x', audience: 'y' })).status).toBe(200);
  });

  it('answers an unknown user, a wrong password and a user without one alike', async () => {
    const answers = [
      await signIn({ password: 'wrong' }),
      await signIn({ username: 'nobody@example.org' }),
      await signIn({ username: 'bob@example.org' }),
    ];

    for (const { status, body } of answers) {
      expect([status, body]).toEqual([
        400,
        { error: 'invalid_grant', error_description: 'Invalid grant: user credentials are invalid' },
      ]);
    }
  });

  it('does the work of a password check for an unknown user and one without a password too', async () => {
    const user = { id: 'frank', email: 'frank@example.org' };
    await request(api.app).post('/v1/users').set('Authorization', mine.key).send(user);
    const costOf = async (username: string): Promise<string[]> => {
      vi.mocked(verify).mockClear();
      await signIn({ username, password: 'a guess' });

      // `$argon2id$v=19$m=…,t=…,p=…$salt$hash`: what comes before the salt decides how long it takes.
      return vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split('$').slice(0, 4).join('$'));
    };

    const known = await costOf('alice@example.org');

    expect(known).toEqual([expect.stringMatching(/^\$argon2id\$/)]);
    expect(await costOf('stranger@example.org')).toEqual(known);
    expect(await costOf(user.email)).toEqual(known);
  });

  it('does not let in who brought the password that was changed while it was checked', async () => {
    const user = { id: 'erin', email: 'erin@example.org', password };
    await request(api.app).post('/v1/users').set('Authorization', mine.key).send(user);

    const answer = await whileUserIsHeld(api.database, {
      applicationId: mine.applicationId,
      userId: user.id,
      request: () => signIn({ username: user.email }),
      change: (transaction) =>
        transaction.user.updateMany({ where: { id: user.id }, data: { passwordHash: 'another' } }),
    });

    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
  });

  it("does not know a neighbour's users", async () => {
    const theirs = await api.createApplication();

    expect((await signIn({ client_id: theirs.publicKey })).body.error).toBe('invalid_grant');
  });

  it.each([
    [{ client_id: 'pk_none' }, 400, 'invalid_client'],
    [{ client_id: undefined }, 400, 'invalid_client'],
    [{ grant_type: undefined }, 400, 'invalid_request'],
    [{ grant_type: 'magic' }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'authorization_code' }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'client_credentials' }, 400, 'unauthorized_client'],
    [{ grant_type: 'refresh_token' }, 400, 'invalid_request'],
    [{ client_id: 'key_none' }, 400, 'invalid_client'],
    [{ client_id: 'pk_\0' }, 400, 'invalid_client'],
    [{ username: 'a\0@example.org' }, 400, 'invalid_grant'],
    [{ scope: 'calls.join' }, 400, 'invalid_scope'],
    [{ scope: 'admin' }, 400, 'invalid_scope'],
    [{ username: undefined }, 400, 'invalid_request'],
    [{ password: undefined }, 400, 'invalid_request'],
    [{ password: 'x'.repeat(1_025) }, 400, 'invalid_request'],
    [{ client_id: 'x'.repeat(65) }, 400, 'invalid_request'],
  ])("answers %o in OAuth's own words", async (changes, status, error) => {
    const answer = await signIn(changes);

    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.type).toBe('application/json');
  });

  it('refuses a parameter given twice, as RFC 6749 asks', async () => {
    const body = `${new URLSearchParams(form()).toString()}&username=bob%40example.org`;

    const answer = await request(api.app).post('/v1/oauth/token').type('form').send(body);

    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses a body that is no form, or far too large', async () => {
    const json = await request(api.app).post('/v1/oauth/token').send(form());
    const large = await signIn({ padding: 'x'.repeat(110_000) });

    expect([json.status, json.body.error]).toEqual([400, 'invalid_request']);
    expect([large.status, large.body.error]).toEqual([413, 'invalid_request']);
  });

  it('keeps its shape for everything below /v1/oauth that goes wrong inside', async () => {
    const broken = await startTestApi();
    await broken.database.$executeRaw`DROP TABLE "User" CASCADE`;
    const { publicKey } = await broken.createApplication();

    const answer = await signIn({ client_id: publicKey }, broken.app);

    expect([answer.status, answer.body.error]).toEqual([500, 'server_error']);
    expect(JSON.stringify(answer.body)).not.toMatch(/prisma|User|table/i);
    expect(broken.logs.join('')).toMatch(/does not exist/);
    await broken.close();
  });
});

describe('sign-in from pages', () => {
  it('lets a page of an allowed origin read tokens and errors alike', async () => {
    for (const changes of [{}, { password: 'wrong' }]) {
      const answer = await signIn(changes).set('Origin', allowedOrigin);
      expect(answer.headers['access-control-allow-origin']).toBe(allowedOrigin);
      expect(answer.headers['vary']).toContain('Origin');
    }
    // Who mistyped the client id has no application yet to ask, and should still see what is wrong.
    const unknown = await signIn({ client_id: 'pk_typo' }).set('Origin', allowedOrigin);
    expect([unknown.body.error, unknown.headers['access-control-allow-origin']]).toEqual([
      'invalid_client',
      allowedOrigin,
    ]);
  });

  it('refuses a page of another origin before it looks at the password', async () => {
    const answer = await signIn().set('Origin', 'https://evil.example');

    expect([answer.status, answer.body]).toEqual([
      403,
      { error: 'unauthorized_client', error_description: expect.stringContaining('allowedOrigins') },
    ]);
    // Else its browser would say no more than "Failed to fetch".
    expect(answer.headers['access-control-allow-origin']).toBe('https://evil.example');
    expect(answer.body.access_token).toBeUndefined();
  });
});
