import { tokenResponseSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileUserIsHeld } from './heldUser.ts';
import { postForm, signInNewUser, type SignedInUser } from './oauthForms.ts';
import { allowedOrigin, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const dayMs = 24 * 60 * 60 * 1000;
let aheadMs = 0;
let api: TestApi;
let mine: TestApplication;
let users = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
  mine = await api.createApplication({ signInsPerMinute: 10_000 });
});
afterAll(() => api.close());

const signIn = (options: { admin?: boolean; scope?: string } = {}): Promise<SignedInUser> => {
  users += 1;

  return signInNewUser(api, mine, { userId: `user${users}`, ...options });
};
const refresh = (refreshToken: string, fields: Record<string, string> = {}) =>
  postForm(api, '/v1/oauth/token', {
    grant_type: 'refresh_token',
    client_id: mine.publicKey,
    refresh_token: refreshToken,
    ...fields,
  });
const isVoid = async (accessToken: string): Promise<boolean | undefined> => {
  const { applicationId, grantId, issuedAtMs, identity } = await api.verify(accessToken);

  return api.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
};

describe('the grant refresh_token', () => {
  it('gives new tokens of the same sign-in, and another refresh token', async () => {
    const { userId, tokens } = await signIn();

    const answer = await refresh(tokens.refresh_token);

    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const fresh = tokenResponseSchema.strict().parse(answer.body);
    api.keepSecret(fresh.access_token);
    expect(fresh.refresh_token).toMatch(/^rt_/);
    expect(fresh.refresh_token).not.toBe(tokens.refresh_token);
    expect([fresh.scope, typeof fresh.id_token]).toEqual(['openid calls', 'string']);
    const [before, after] = [await api.verify(tokens.access_token), await api.verify(fresh.access_token)];
    expect(after).toMatchObject({ identity: { userId, kind: 'user' }, scopes: ['calls'] });
    expect([after.grantId, after.tokenId === before.tokenId]).toEqual([before.grantId, false]);
    expect(await isVoid(tokens.access_token)).toBe(false);
  });

  it('gives no more than the sign-in had, also to an administrator who asked for less then', async () => {
    const { tokens } = await signIn({ admin: true, scope: 'openid calls' });

    const refused = await refresh(tokens.refresh_token, { scope: 'admin' });
    // Names none of the scopes of a session: what all that is offered means is a matter of the sign-in.
    const unnamed = await refresh(tokens.refresh_token, { scope: 'openid' });

    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_scope']);
    expect([unnamed.status, unnamed.body.scope]).toEqual([200, 'openid calls']);
    expect((await api.verify(api.keepSecret(unnamed.body.access_token))).scopes).toEqual(['calls']);
  });

  it('stores nothing that could be used: hashes alone', async () => {
    const { tokens } = await signIn();

    const rows = await api.database.refreshToken.findMany();

    const secret = tokens.refresh_token.slice('rt_'.length);
    expect(rows.some(({ id }) => secret.startsWith(id))).toBe(true);
    for (const { secretHash } of rows) {
      expect(secretHash).toHaveLength(32);
      expect(Buffer.from(secretHash).toString('latin1')).not.toContain(secret.slice(16));
    }
  });

  it('ends the sign-in when a used token comes back, its session tokens with it', async () => {
    const { userId, tokens } = await signIn();
    const fresh = (await refresh(tokens.refresh_token)).body;
    const revoked: unknown[] = [];
    const dispose = api.admission.onRevoked((revocation) => revoked.push(revocation));

    const again = await refresh(tokens.refresh_token);
    dispose();

    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    const { grantId } = await api.verify(fresh.access_token);
    expect(revoked).toMatchObject([
      { applicationId: mine.applicationId, subject: { kind: 'grant', grantId } },
    ]);
    expect([await isVoid(tokens.access_token), await isVoid(fresh.access_token)]).toEqual([true, true]);
    expect((await refresh(fresh.refresh_token)).body.error).toBe('invalid_grant');
    const row = await api.database.revocation.findFirst({ where: { subject: 'grant', subjectId: grantId } });
    expect(row?.revokedBefore.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(api.logs.join('')).toContain(grantId);
    // The user signs in again, and another sign-in of theirs was never concerned.
    expect(await isVoid((await signIn()).tokens.access_token)).toBe(false);
    expect(userId).not.toBe('');
  });

  it('lets exactly one of two that come at once win, and the sign-in is over for both', async () => {
    const { userId, tokens } = await signIn();

    // Both are let go at the same moment.
    const answers = await whileUserIsHeld(api.database, {
      applicationId: mine.applicationId,
      userId,
      waiting: 2,
      request: () => Promise.all([refresh(tokens.refresh_token), refresh(tokens.refresh_token)]),
      change: async () => undefined,
    });

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    const won = answers.find(({ status }) => status === 200)?.body;
    expect(await isVoid(won.access_token)).toBe(true);
    expect((await refresh(won.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('may ask for less than was granted, never for more, and a refusal uses nothing up', async () => {
    const { tokens } = await signIn({ scope: 'calls' });

    const wider = await refresh(tokens.refresh_token, { scope: 'calls admin' });
    const narrower = await refresh(tokens.refresh_token, { scope: 'calls' });

    expect([wider.status, wider.body.error]).toEqual([400, 'invalid_scope']);
    expect([narrower.status, narrower.body.scope, narrower.body.id_token]).toEqual([200, 'calls', undefined]);
  });

  it('reads anew whether the user is an administrator', async () => {
    const { userId, tokens } = await signIn({ admin: true });
    const still = (await refresh(tokens.refresh_token)).body;
    expect([still.scope, still.expires_in]).toEqual(['openid calls admin', 3_600]);
    // Behind the API's back, which would end the sign-in.
    await api.database.user.updateMany({ where: { id: userId }, data: { isAdmin: false } });

    const { body } = await refresh(still.refresh_token);

    expect([body.scope, body.expires_in]).toEqual(['openid calls', 86_400]);
    expect((await api.verify(body.access_token)).scopes).toEqual(['calls']);
  });

  it('lasts thirty days from its last use', async () => {
    const { tokens } = await signIn();
    aheadMs = 29 * dayMs;
    const second = (await refresh(tokens.refresh_token)).body;
    aheadMs = 58 * dayMs;
    const third = (await refresh(second.refresh_token)).body;
    aheadMs = 88 * dayMs + 1_000;

    const late = await refresh(third.refresh_token);
    aheadMs = 0;

    expect(third.refresh_token).toMatch(/^rt_/);
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant']);
  });

  it('is over when the user is deleted, or their tokens are revoked', async () => {
    const [deleted, revoked] = [await signIn(), await signIn()];
    const of = ({ userId }: SignedInUser) => `/v1/users/${userId}`;
    await request(api.app).delete(of(deleted)).set('Authorization', mine.key).expect(204);
    await request(api.app)
      .delete(`${of(revoked)}/tokens`)
      .set('Authorization', mine.key)
      .expect(204);

    for (const { tokens } of [deleted, revoked]) {
      const answer = await refresh(tokens.refresh_token);
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
    }
  });

  it('waits for whoever is revoking the tokens of the user, and is refused then', async () => {
    const { userId, tokens } = await signIn();

    const answer = await whileUserIsHeld(api.database, {
      applicationId: mine.applicationId,
      userId,
      request: () => refresh(tokens.refresh_token),
      change: (transaction) =>
        transaction.refreshGrant.updateMany({ where: { userId }, data: { revokedAt: new Date() } }),
    });

    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
  });

  it("is refused to another client, and a neighbour's attempt ends nothing", async () => {
    const { tokens } = await signIn();
    const theirs = await api.createApplication();

    const stolen = await refresh(tokens.refresh_token, { client_id: theirs.publicKey });

    expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant']);
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('ends nothing for who knows a token by its name only', async () => {
    const { tokens } = await signIn();
    const forged = `${tokens.refresh_token.slice(0, 19)}${'A'.repeat(43)}`;

    for (const token of [forged, 'rt_', 'nonsense', tokens.access_token.slice(0, 100)]) {
      expect((await refresh(token)).body.error).toBe('invalid_grant');
    }
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('is open to pages of allowed origins alone, and a refused one uses nothing up', async () => {
    const { tokens } = await signIn();

    const refused = await refresh(tokens.refresh_token).set('Origin', 'https://evil.example');
    const allowed = await refresh(tokens.refresh_token).set('Origin', allowedOrigin);

    expect([refused.status, refused.body.error]).toEqual([403, 'unauthorized_client']);
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, allowedOrigin]);
  });
});
