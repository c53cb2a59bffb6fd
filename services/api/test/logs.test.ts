import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { startTestApi } from './testApi.ts';

describe('the access log', () => {
  it('has one line per request with its id, and no query, header or body', async () => {
    const api = await startTestApi();
    const { key } = await api.createApplication();

    const answer = await request(api.app)
      .post('/v1/users?token=secret-in-query')
      .set({ Authorization: key, Cookie: 'secret-in-cookie' })
      .send({ displayName: 'secret-in-body' });

    const lines = api.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      requestId: answer.headers['x-request-id'],
      method: 'POST',
      path: '/v1/users',
      status: 201,
    });
    expect(api.logs.join('')).not.toContain('secret-in');
    await api.close();
  });

  it('holds no secret of any kind, whether it was used well or badly', async () => {
    const api = await startTestApi();
    const application = await api.createApplication();
    const { key, publicKey } = application;
    const headers = { Authorization: key };
    const password = api.keepSecret('a-password-never-to-be-logged');
    const user = { id: 'alice', email: 'alice@example.org', password };
    const form = { grant_type: 'password', client_id: publicKey, username: user.email, scope: 'openid' };
    const post = (path: string, body: object | string) =>
      request(api.app).post(path).set(headers).type('application/json').send(body);
    const signIn = (body: object) => request(api.app).post('/v1/oauth/token').type('form').send(body);

    await post('/v1/users', user);
    await post('/v1/users', user);
    await post('/v1/users', { ...user, [password]: password });
    await post('/v1/users', `{"password": "${password}"`);
    const session = await post('/v1/users/alice/tokens', {});
    const room = await post('/v1/rooms', {});
    const link = await post(`/v1/rooms/${room.body.id}/guest-links`, {});
    const code = new URL(link.body.url).hash.slice(1);
    const guest = await post('/v1/guest-sessions', { code, displayName: 'Guest' });
    await post('/v1/guest-sessions', { code, displayName: '' });
    const tokens = await signIn({ ...form, password });
    await signIn({ ...form, password: `${password}!` });
    const refresh = { grant_type: 'refresh_token', client_id: publicKey };
    const refreshed = await signIn({ ...refresh, refresh_token: tokens.body.refresh_token });
    await signIn({ ...refresh, refresh_token: tokens.body.refresh_token });
    const anonymousKey = await request(api.app)
      .post(`/v1/applications/${application.applicationId}/keys`)
      .set({ Authorization: api.operatorKey, 'Idempotency-Key': 'first' })
      .send({ name: 'page', rights: ['anonymous'] });
    const client = { client_id: anonymousKey.body.id, client_secret: anonymousKey.body.secret };
    const anonymous = await signIn({ grant_type: 'client_credentials', ...client });
    await request(api.app)
      .post('/v1/oauth/introspect')
      .type('form')
      .send({ ...client, token: anonymous.body.access_token });
    const accessToken = await post('/v1/users/alice/access-tokens', {});
    const exchanged = await post('/v1/sessions', { accessToken: accessToken.body.accessToken });
    await post('/v1/sessions', { accessToken: `${accessToken.body.accessToken}!` });
    await api.database.$executeRaw`DROP TABLE "RosterEntry", "User" CASCADE`;
    expect((await signIn({ ...form, password })).status).toBe(500);
    expect((await post('/v1/users', user)).status).toBe(500);

    const secrets = [
      session.body.token,
      code,
      guest.body.token,
      tokens.body.access_token,
      tokens.body.id_token,
      tokens.body.refresh_token,
      refreshed.body.access_token,
      refreshed.body.refresh_token,
      anonymousKey.body.secret,
      anonymous.body.access_token,
      accessToken.body.accessToken,
      exchanged.body.token,
    ];
    expect(secrets.every((secret) => typeof secret === 'string' && secret.length > 40)).toBe(true);
    for (const secret of secrets) {
      api.keepSecret(secret);
    }
    expect(api.logs.length).toBeGreaterThan(13);
    // Looks for all of them, the key included, and throws when it finds one.
    await api.close();
  });
});
