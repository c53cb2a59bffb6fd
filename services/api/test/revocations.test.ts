import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postForm, signInNewUser } from './oauthForms.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let aheadMs = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
  mine = await api.createApplication();
});
beforeEach(() => {
  aheadMs = 0;
});
afterAll(() => api.close());

const post = async (path: string, body: object = {}) =>
  (await request(api.app).post(path).set('Authorization', mine.key).send(body)).body;
const remove = (path: string) => request(api.app).delete(path).set('Authorization', mine.key).expect(204);
const isVoid = async (token: string): Promise<boolean | undefined> => {
  const { applicationId, grantId, issuedAtMs, identity } = await api.verify(api.keepSecret(token));

  return api.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
};

describe('a token from an api whose clock runs ahead', () => {
  it('ends with the access token that it was exchanged for', async () => {
    await post('/v1/users', { id: 'exchanged' });
    const { id, accessToken } = await post('/v1/users/exchanged/access-tokens');
    aheadMs = 4_000;
    const { token } = await post('/v1/sessions', { accessToken: api.keepSecret(accessToken) });
    aheadMs = 0;

    await remove(`/v1/users/exchanged/access-tokens/${id}`);

    expect(await isVoid(token)).toBe(true);
  });

  it('ends with the guest link that it came from', async () => {
    const room = await post('/v1/rooms');
    const { id, url } = await post(`/v1/rooms/${room.id}/guest-links`);
    aheadMs = 4_000;
    const { token } = await post('/v1/guest-sessions', {
      code: new URL(url).hash.slice(1),
      displayName: 'Eve',
    });
    aheadMs = 0;

    await remove(`/v1/rooms/${room.id}/guest-links/${id}`);

    expect(await isVoid(token)).toBe(true);
  });

  it('ends with its sign-in, and the next sign-in is good at once', async () => {
    aheadMs = 4_000;
    const { tokens, email, password } = await signInNewUser(api, mine, { userId: 'alice' });
    aheadMs = 0;
    const client = { client_id: mine.publicKey };

    await postForm(api, '/v1/oauth/revoke', { ...client, token: tokens.refresh_token }).expect(200);

    const again = { grant_type: 'password', username: email, password, ...client };
    const { body } = await postForm(api, '/v1/oauth/token', again);
    expect([await isVoid(tokens.access_token), await isVoid(body.access_token)]).toEqual([true, false]);
  });
});

describe("revoking a user's tokens", () => {
  it('leaves the one that is issued right after valid', async () => {
    await post('/v1/users', { id: 'living' });
    const { token: before } = await post('/v1/users/living/tokens');

    await remove('/v1/users/living/tokens');

    const { token: after } = await post('/v1/users/living/tokens');
    expect([await isVoid(before), await isVoid(after)]).toEqual([true, false]);
  });
});
