import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicOf, clientOf, postForm, signInNewUser, type SignedInUser } from './oauthForms.ts';
import { allowedOrigin, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let users = 0;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication({ signInsPerMinute: 10_000 });
});
afterAll(() => api.close());

const signIn = (): Promise<SignedInUser> => {
  users += 1;

  return signInNewUser(api, mine, { userId: `user${users}` });
};
const revoke = (token: string, fields: Record<string, string> = { client_id: mine.publicKey }) =>
  postForm(api, '/v1/oauth/revoke', { token, ...fields });
const refresh = (refreshToken: string) =>
  postForm(api, '/v1/oauth/token', {
    grant_type: 'refresh_token',
    client_id: mine.publicKey,
    refresh_token: refreshToken,
  });
const isVoid = async (accessToken: string): Promise<boolean | undefined> => {
  const { applicationId, grantId, issuedAtMs, identity } = await api.verify(accessToken);

  return api.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
};
const post = async (path: string, body: object) =>
  (await request(api.app).post(path).set('Authorization', mine.key).send(body)).body;

describe('POST /v1/oauth/revoke', () => {
  it.each(['refresh_token', 'access_token'] as const)('ends a sign-in by its %s', async (name) => {
    const { tokens, userId } = await signIn();
    const elsewhere = await post(`/v1/users/${userId}/tokens`, {});

    const answer = await revoke(tokens[name]);

    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await isVoid(tokens.access_token)).toBe(true);
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect(await isVoid(elsewhere.token)).toBe(false);
  });

  it("voids a token that the backend issued, and none of the user's others", async () => {
    const { tokens, userId } = await signIn();
    const [first, second] = [
      await post(`/v1/users/${userId}/tokens`, {}),
      await post(`/v1/users/${userId}/tokens`, {}),
    ];

    await revoke(first.token, clientOf(mine.key)).expect(200);

    expect([await isVoid(first.token), await isVoid(second.token)]).toEqual([true, false]);
    const audited = await api.database.auditEntry.findMany({ where: { action: 'revokeToken' } });
    expect(audited).toMatchObject([
      { actorKind: 'key', actorId: clientOf(mine.key).client_id, target: `users/${userId}/tokens` },
    ]);
    expect(await isVoid(tokens.access_token)).toBe(false);
  });

  it('voids an access token, with the sessions it was exchanged for', async () => {
    const { userId } = await signIn();
    const { accessToken: value } = await post(`/v1/users/${userId}/access-tokens`, {});
    const session = await request(api.app).post('/v1/sessions').send({ accessToken: value });

    await revoke(value).expect(200);

    expect(await isVoid(session.body.token)).toBe(true);
    const again = await request(api.app).post('/v1/sessions').send({ accessToken: value });
    expect(again.status).toBe(401);
  });

  it('sends no other visitor of a meeting link away', async () => {
    const room = await post('/v1/rooms', {});
    const link = await post(`/v1/rooms/${room.id}/guest-links`, {});
    const code = new URL(link.url).hash.slice(1);
    const visit = async (): Promise<string> =>
      (await request(api.app).post('/v1/guest-sessions').send({ code, displayName: 'Eve' })).body.token;
    const [one, other] = [await visit(), await visit()];

    await revoke(one).expect(200);

    expect([await isVoid(one), await isVoid(other)]).toEqual([true, false]);
  });

  it('answers what is no token of the client with 200 too, and leaves it alone', async () => {
    const { tokens } = await signIn();
    const theirs = await api.createApplication();
    const neighbour = { client_id: theirs.publicKey };

    const answers = [
      await revoke('nonsense'),
      await revoke('rt_nonsense'),
      await revoke(tokens.refresh_token, neighbour),
      await revoke(tokens.access_token, neighbour),
      // A key did not sign the user in.
      await revoke(tokens.refresh_token, clientOf(mine.key)),
    ];

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await isVoid(tokens.access_token)).toBe(false);
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('wants to know the client, and its secret if it has one', async () => {
    const { tokens } = await signIn();
    const { client_id } = clientOf(mine.key);

    const answers = [
      await revoke(tokens.refresh_token, {}),
      await revoke(tokens.refresh_token, { client_id: 'pk_none' }),
      await revoke(tokens.refresh_token, { client_id, client_secret: 'sk_wrong' }),
    ];
    const missing = await postForm(api, '/v1/oauth/revoke', { client_id: mine.publicKey });

    expect(answers.map(({ status, body }) => [status, body.error])).toEqual(
      answers.map(() => [400, 'invalid_client']),
    );
    expect([missing.status, missing.body.error]).toEqual([400, 'invalid_request']);
  });

  it('is open to pages of allowed origins alone', async () => {
    const { tokens } = await signIn();

    const refused = await revoke(tokens.refresh_token).set('Origin', 'https://evil.example');
    expect([refused.status, await isVoid(tokens.access_token)]).toEqual([403, false]);

    await revoke(tokens.refresh_token).set('Origin', allowedOrigin).expect(200);
    expect(await isVoid(tokens.access_token)).toBe(true);
  });
});

describe('POST /v1/oauth/introspect', () => {
  const ask = (token: string, fields: Record<string, string> = clientOf(mine.key)) =>
    postForm(api, '/v1/oauth/introspect', { token, ...fields });

  it('tells of session, refresh and access tokens of the application', async () => {
    const { userId, tokens } = await signIn();
    const { accessToken: value } = await post(`/v1/users/${userId}/access-tokens`, {});
    const claims = await api.verify(tokens.access_token);
    const about = { active: true, sub: userId, aud: mine.applicationId, iss: 'https://calls.example' };

    const answers = [await ask(tokens.access_token), await ask(tokens.refresh_token), await ask(value)];

    expect(answers[0]?.body).toEqual({
      ...about,
      token_type: 'Bearer',
      scope: 'calls',
      iat: Math.floor(claims.issuedAtMs / 1000),
      exp: claims.expiresAtMs / 1000,
      jti: claims.tokenId,
    });
    expect(answers[1]?.body).toMatchObject({
      ...about,
      token_type: 'refresh_token',
      client_id: mine.publicKey,
      scope: 'openid calls',
    });
    expect(answers[2]?.body).toMatchObject({ ...about, token_type: 'access_token' });
    expect(answers[2]?.body.exp).toBeUndefined();
    expect(answers[0]?.headers['cache-control']).toBe('no-store');
  });

  it('calls inactive what is used, revoked, unknown, or a neighbour’s', async () => {
    const [used, revoked] = [await signIn(), await signIn()];
    await refresh(used.tokens.refresh_token).expect(200);
    await revoke(revoked.tokens.refresh_token).expect(200);
    const theirs = await api.createApplication();
    const neighbour = await signInNewUser(api, theirs, { userId: 'neighbour' });

    const tokens = [
      used.tokens.refresh_token,
      revoked.tokens.refresh_token,
      revoked.tokens.access_token,
      neighbour.tokens.refresh_token,
      neighbour.tokens.access_token,
      'nonsense',
    ];

    for (const token of tokens) {
      const { status, body } = await ask(token);
      expect([status, body]).toEqual([200, { active: false }]);
    }
  });

  it('takes the key by HTTP Basic and as a bearer', async () => {
    const { tokens } = await signIn();

    const answers = [
      await ask(tokens.access_token, {}).set('Authorization', basicOf(mine.key)),
      await ask(tokens.access_token, {}).set('Authorization', mine.key),
    ];

    expect(answers.map(({ body }) => body.active)).toEqual([true, true]);
  });

  it('refuses pages of other origins, and counts, however the key comes', async () => {
    const { tokens } = await signIn();
    const senders = [
      (key: string) => ask(tokens.access_token, clientOf(key)),
      (key: string) => ask(tokens.access_token, {}).set('Authorization', basicOf(key)),
      (key: string) => ask(tokens.access_token, {}).set('Authorization', key),
    ];

    for (const send of senders) {
      const { key } = await api.createApplication({ requestsPerMinute: 2 });
      const answers = [
        await send(key).set('Origin', 'https://evil.example'),
        await send(key).set('Origin', allowedOrigin),
        await send(key),
      ];
      expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
        [403, 'unauthorized_client'],
        [200, undefined],
        [429, 'temporarily_unavailable'],
      ]);
    }
  });

  it('is for keys with the right provision or admin', async () => {
    const { tokens } = await signIn();
    const anonymous = clientOf(await mine.keyWith(['anonymous']));

    const refused = [
      await ask(tokens.access_token, { client_id: mine.publicKey }),
      await ask(tokens.access_token, anonymous),
    ];
    const session = await ask(tokens.access_token, {}).set('Authorization', `Bearer ${tokens.access_token}`);
    const wrong = await ask(tokens.access_token, {}).set('Authorization', `Bearer sk_${'0'.repeat(59)}`);

    expect(refused.map(({ status, body }) => [status, body.error])).toEqual(
      refused.map(() => [403, 'unauthorized_client']),
    );
    for (const { status, body, headers } of [session, wrong]) {
      expect([status, body.error]).toEqual([401, 'invalid_client']);
      expect(headers['www-authenticate']).toBeDefined();
    }
    const admin = clientOf(await mine.keyWith(['admin']));
    expect((await ask(tokens.access_token, admin)).body.active).toBe(true);
  });
});

describe('GET /.well-known/openid-configuration', () => {
  it('names the endpoints, to everybody', async () => {
    const answer = await request(api.app)
      .get('/.well-known/openid-configuration')
      .set('Origin', 'https://x.example');

    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.body).toMatchObject({
      issuer: 'https://calls.example',
      token_endpoint: 'https://calls.example/v1/oauth/token',
      grant_types_supported: ['password', 'client_credentials', 'refresh_token'],
      scopes_supported: ['openid', 'calls', 'admin'],
    });
    const methods = { token_endpoint: 'post', revocation_endpoint: 'post', introspection_endpoint: 'post' };
    for (const [name, method] of Object.entries({ ...methods, jwks_uri: 'get' })) {
      const { pathname } = new URL(answer.body[name]);
      const found = await request(api.app)[method as 'get' | 'post'](pathname);
      expect([name, found.status === 404]).toEqual([name, false]);
    }
  });
});
