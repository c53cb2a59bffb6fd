import { tokenResponseSchema } from '@parley/protocol/rest';
import { createLocalJWKSet, jwtVerify } from 'jose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedOrigin, publicUrl, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

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

  it('does the work of a password check for an unknown user too', async () => {
    const patient = await startTestApi({ limits: { failedSignIns: { points: 100, durationSeconds: 60 } } });
    const { publicKey: client_id, key } = await patient.createApplication();
    const user = { id: 'alice', email: 'alice@example.org', password };
    await request(patient.app).post('/v1/users').set('Authorization', key).send(user);
    const timeOf = async (username: string): Promise<number> => {
      const times: number[] = [];
      for (let run = 0; run < 9; run += 1) {
        const startedAt = performance.now();
        await signIn({ username, password: `wrong ${run}`, client_id }, patient.app);
        times.push(performance.now() - startedAt);
      }

      return times.toSorted((a, b) => a - b)[4] ?? 0;
    };

    const [known, unknown] = [await timeOf('alice@example.org'), await timeOf('stranger@example.org')];

    // Without the decoy an unknown user is answered in about a tenth of the time.
    expect(unknown).toBeGreaterThan(known / 2);
    await patient.close();
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
    [{ grant_type: 'refresh_token' }, 400, 'unsupported_grant_type'],
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
    await broken.database.$executeRaw`DROP TABLE "RosterEntry", "User"`;
    const { publicKey } = await broken.createApplication();

    const answer = await signIn({ client_id: publicKey }, broken.app);

    expect([answer.status, answer.body.error]).toEqual([500, 'server_error']);
    expect(JSON.stringify(answer.body)).not.toMatch(/prisma|User|table/i);
    expect(broken.logs.join('')).toMatch(/does not exist/);
    await broken.close();
  });
});

describe('guessing passwords', () => {
  const limits = { failedSignIns: { points: 2, durationSeconds: 60 } };

  it('ends after a few failures, for that user from that address, with the time to wait', async () => {
    const strict = await startTestApi({ limits });
    const { publicKey: client_id } = await strict.createApplication();
    const attempt = (username: string) => signIn({ client_id, username, password: 'guess' }, strict.app);
    await attempt('a@example.org');
    await attempt('A@example.org');

    const refused = await attempt('a@example.org');

    expect([refused.status, refused.body.error]).toEqual([429, 'temporarily_unavailable']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attempt('b@example.org')).status).toBe(400);
    await strict.close();
  });

  it('counts failures though each request names another client and hides the real one in a header', async () => {
    const slow = await startTestApi({ limits });
    const application = await slow.createApplication();
    const basic = `Basic ${btoa(`${application.publicKey}:`)}`;
    const attempt = (clientId: string) =>
      request(slow.app)
        .post('/v1/oauth/token')
        .type('form')
        .set('Authorization', basic)
        .send({ grant_type: 'password', client_id: clientId, username: 'a@example.org', password: 'guess' });

    const answers = [await attempt('pk_1'), await attempt('pk_2'), await attempt('pk_3')];

    // Each is refused for its unknown client: nobody's password was looked at.
    expect(answers.map(({ body }) => body.error)).toEqual([
      'invalid_client',
      'invalid_client',
      'invalid_client',
    ]);
    await slow.close();
  });

  it('is forgiven when the right password comes in time', async () => {
    const strict = await startTestApi({ limits });
    const { publicKey: client_id, key } = await strict.createApplication();
    const user = { id: 'alice', email: 'alice@example.org', password };
    await request(strict.app).post('/v1/users').set('Authorization', key).send(user);

    const statuses: number[] = [];
    for (const attempt of ['wrong', password, 'wrong', password, 'wrong']) {
      statuses.push((await signIn({ client_id, password: attempt }, strict.app)).status);
    }

    expect(statuses).toEqual([400, 200, 400, 200, 400]);
    await strict.close();
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

    expect([answer.status, answer.body.error]).toEqual([403, 'unauthorized_client']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.body.access_token).toBeUndefined();
  });
});
