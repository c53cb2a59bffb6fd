import { tokenResponseSchema } from '@parley/protocol/rest';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicOf, clientOf, postForm } from './oauthForms.ts';
import { untilLockIsAwaited } from './untilLockIsAwaited.ts';
import { allowedOrigin, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let key: string;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  key = await mine.keyWith(['anonymous']);
});
afterAll(() => api.close());

const ask = (fields: Record<string, string> = {}) =>
  postForm(api, '/v1/oauth/token', { grant_type: 'client_credentials', ...fields });

describe('the grant client_credentials', () => {
  it('makes a fresh anonymous user each time, with a session token and an id token', async () => {
    const before = Date.now();
    const answers = [await ask(clientOf(key)), await ask(clientOf(key))];

    const tokens = answers.map(({ body }) => tokenResponseSchema.strict().parse(body));
    const claims = await Promise.all(tokens.map((answer) => api.verify(api.keepSecret(answer.access_token))));
    const [first, second] = claims.map(({ identity }) => identity.userId);
    expect(first).toMatch(/^anonymous-/);
    expect(second).not.toBe(first);
    expect(claims[0]).toMatchObject({
      applicationId: mine.applicationId,
      identity: { kind: 'anonymous' },
      scopes: ['calls'],
    });
    expect(decodeJwt(tokens[0]?.id_token ?? '')).toMatchObject({
      sub: first,
      aud: clientOf(key).client_id,
      preferred_username: first,
      'services-identity': first,
    });
    expect(tokens[0]).toMatchObject({ expires_in: 86_400, scope: 'openid calls' });
    expect(tokens[0]?.refresh_token).toBeUndefined();
    const row = await api.database.user.findFirst({ where: { id: first ?? '' } });
    expect(row).toMatchObject({ kind: 'anonymous', applicationId: mine.applicationId });
    expect(row?.tokensExpireAt?.getTime()).toBeGreaterThanOrEqual(before + 86_400_000);
    // Nobody can call them.
    expect(await api.admission.user(mine.applicationId, first ?? '')).toBeUndefined();
  });

  it('says which kind of key it needs, and which the other grants do', async () => {
    const withPublicKey = await ask({ client_id: mine.publicKey });
    const signIn = await ask({ ...clientOf(key), grant_type: 'password', username: 'a', password: 'b' });

    expect([withPublicKey.status, withPublicKey.body]).toEqual([
      400,
      { error: 'unauthorized_client', error_description: expect.stringContaining('key_…') },
    ]);
    expect([signIn.status, signIn.body]).toEqual([
      400,
      { error: 'unauthorized_client', error_description: expect.stringContaining('pk_…') },
    ]);
  });

  it('takes the key by HTTP Basic, and says so when it is refused', async () => {
    const right = await ask().set('Authorization', basicOf(key));
    const wrong = await ask().set('Authorization', `Basic ${btoa(`${clientOf(key).client_id}:sk_no`)}`);
    const twice = await ask(clientOf(key)).set('Authorization', basicOf(key));

    expect(right.status).toBe(200);
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    expect(wrong.headers['www-authenticate']).toMatch(/^Basic realm=/);
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['anonymous', 200],
    ['admin', 200],
    ['provision', 400],
  ] as const)('answers a key with the right %s with %i', async (right, status) => {
    const answer = await ask(clientOf(await mine.keyWith([right])));

    expect(answer.status).toBe(status);
    expect(answer.body.error).toBe(status === 200 ? undefined : 'unauthorized_client');
  });

  it('refuses a secret that is another key’s, missing, or made up, and other grants by key', async () => {
    const other = clientOf(await mine.keyWith(['anonymous']));
    const { client_id } = clientOf(key);

    const answers = [
      await ask({ client_id, client_secret: other.client_secret }),
      await ask({ client_id }),
      await ask({ client_id: 'key_0000000000000000', client_secret: other.client_secret }),
    ];

    expect(answers.map(({ status, body }) => [status, body.error])).toEqual(
      answers.map(() => [400, 'invalid_client']),
    );
    const password = await ask({ ...clientOf(key), grant_type: 'password', username: 'a', password: 'b' });
    expect(password.body.error).toBe('unauthorized_client');
  });

  it('tells nobody which keys there are: a wrong secret is answered and counted like an unknown key', async () => {
    const strict = await startTestApi({ addressRequestsPerMinute: 8 });
    const small = await strict.createApplication({ failedSignIns: 1, signInsPerMinute: 1 });
    const { client_id, client_secret } = clientOf(await small.keyWith(['anonymous']));
    const unknown = 'key_0000000000000000';
    const guessed = (id: string) => `sk_${id.slice('key_'.length)}${'0'.repeat(43)}`;
    const send = (fields: Record<string, string>) =>
      postForm(strict, '/v1/oauth/token', { grant_type: 'client_credentials', ...fields });
    const seen = [];

    for (const id of [client_id, unknown, client_id, unknown]) {
      for (const headers of [{}, { Origin: 'https://evil.example' }]) {
        const {
          status,
          body,
          headers: got,
        } = await send({ client_id: id, client_secret: guessed(id) }).set(headers);
        const { 'ratelimit-policy': policy, 'access-control-allow-origin': origin } = got;
        seen.push([status, body, policy, origin === headers.Origin]);
      }
    }

    const message = { error: 'invalid_client', error_description: 'The client is not known here.' };
    expect(seen).toEqual(seen.map(() => [400, message, '"address";q=8;w=60', true]));
    expect((await send({ client_id, client_secret: guessed(client_id) })).status).toBe(429);
    // Who brings the right secret does not wait for who guesses.
    expect((await send({ client_id, client_secret })).status).toBe(200);
    await strict.close();
  });

  it('issues as of before the user is recorded, so that a deletion of the application right after voids it', async () => {
    const { answer, releasedAtMs } = await api.database.$transaction(async (transaction) => {
      await transaction.$executeRaw`
        SELECT 1 FROM "Application" WHERE "id" = ${mine.applicationId} FOR UPDATE`;
      const asked = ask(clientOf(key)).then((got) => got);
      await untilLockIsAwaited(api.database);
      const now = Date.now();
      while (Date.now() <= now) {
        await untilLockIsAwaited(api.database);
      }

      return { answer: asked, releasedAtMs: Date.now() };
    });

    const { issuedAtMs } = await api.verify(api.keepSecret((await answer).body.access_token));
    expect(issuedAtMs).toBeLessThan(releasedAtMs);
  });

  it('is refused to a page of another origin that has the secret', async () => {
    const answer = await ask(clientOf(key)).set('Origin', 'https://evil.example');

    expect([answer.status, answer.body.error]).toEqual([403, 'unauthorized_client']);
    const allowed = await ask(clientOf(key)).set('Origin', allowedOrigin);
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, allowedOrigin]);
  });

  it('is limited from one address, and says how much is left', async () => {
    const small = await api.createApplication({ signInsPerMinute: 2 });
    const client = clientOf(await small.keyWith(['anonymous']));

    const answers = [await ask(client), await ask(client), await ask(client)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[0]?.headers['ratelimit']).toMatch(/^"signIns";r=1;t=\d+$/);
    expect(answers[2]?.body.error).toBe('temporarily_unavailable');
    expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0);
    // Another application's visitors share the address and not the limit.
    expect((await ask(clientOf(key))).status).toBe(200);
  });
});
