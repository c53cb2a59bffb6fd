import { createDeferred } from '@parley/kit';
import { sessionSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedOrigin, startTestApi, type TestApi, type TestApplication } from './testApi.ts';
import { untilLockIsAwaited } from './untilLockIsAwaited.ts';

let api: TestApi;
let mine: TestApplication;
let aheadMs = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
  mine = await api.createApplication();
});
afterAll(() => api.close());

/** A user with an access token. */
async function createHolder(id: string, application = mine): Promise<{ id: string; accessToken: string }> {
  const { body } = await request(api.app)
    .post('/v1/users')
    .set('Authorization', application.key)
    .send({ id, displayName: `${id}!`, issueAccessToken: true });
  api.keepSecret(body.accessToken.accessToken);

  return body.accessToken;
}

async function exchange(accessToken: string, body: object = {}, headers: Record<string, string> = {}) {
  const answer = await request(api.app)
    .post('/v1/sessions')
    .set(headers)
    .send({ accessToken, ...body });
  api.keepSecret(answer.body.token ?? 'none issued');

  return answer;
}

const revoke = (userId: string, id: string) =>
  request(api.app).delete(`/v1/users/${userId}/access-tokens/${id}`).set('Authorization', mine.key);

async function isRevoked(token: string): Promise<boolean | undefined> {
  const { applicationId, identity, grantId, issuedAtMs } = await api.verify(token);

  return api.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
}

describe('POST /v1/sessions', () => {
  it('exchanges an access token for a session token that comes from it', async () => {
    const { id, accessToken } = await createHolder('alice');

    const answer = await exchange(accessToken, { scopes: ['calls.join'], expiresInSeconds: 600 });

    expect(answer.status).toBe(201);
    const { token, expiresAt, ...who } = sessionSchema.strict().parse(answer.body);
    expect(who).toEqual({ userId: 'alice', displayName: 'alice!' });
    const claims = await api.verify(token);
    expect(claims).toMatchObject({
      applicationId: mine.applicationId,
      grantId: id,
      identity: { userId: 'alice', displayName: 'alice!', kind: 'user' },
      scopes: ['calls.join'],
      expiresAtMs: Date.parse(expiresAt),
    });
    expect(claims.expiresAtMs - claims.issuedAtMs).toBeLessThanOrEqual(600_000);
  });

  it('is open to pages of the origins that the application lists, and to no others', async () => {
    const { accessToken } = await createHolder('paged');

    const [listed, foreign] = [
      await exchange(accessToken, {}, { Origin: allowedOrigin }),
      await exchange(accessToken, {}, { Origin: 'https://mallory.example' }),
    ];

    expect([listed.status, listed.headers['access-control-allow-origin']]).toEqual([201, allowedOrigin]);
    expect([foreign.status, foreign.body.code]).toEqual([403, 'forbidden']);
  });

  it('tells nothing of a value that is not right', async () => {
    const { accessToken } = await createHolder('guessed');
    const wrong = [
      'at_',
      'garbage',
      accessToken.slice(3),
      `${accessToken.slice(0, -1)}${accessToken.endsWith('A') ? 'B' : 'A'}`,
      `at_${'0'.repeat(16)}${accessToken.slice(19)}`,
    ];

    const answers = await Promise.all(wrong.map((value) => exchange(value)));

    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual(
      wrong.map(() => [401, 'unauthenticated', 'The access token is not valid.']),
    );
  });

  it('counts visits by the address, as many as the application says', async () => {
    const small = await api.createApplication({ visitorsPerMinute: 2 });
    const { accessToken } = await createHolder('eager', small);

    const answers = [await exchange(accessToken), await exchange(accessToken), await exchange(accessToken)];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(answers[2]?.headers['retry-after']).toMatch(/^\d+$/);
  });

  it('writes once a minute at most when an access token was used', async () => {
    const { id, accessToken } = await createHolder('used');
    const lastUsed = async () =>
      (await api.database.accessToken.findUnique({ where: { id } }))?.lastUsedAt?.getTime();
    expect(await lastUsed()).toBeUndefined();

    await exchange(accessToken);
    const first = await lastUsed();
    aheadMs = 50_000;
    await exchange(accessToken);
    const second = await lastUsed();
    aheadMs = 61_000;
    await exchange(accessToken);
    const third = await lastUsed();
    aheadMs = 0;

    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
    expect(third).toBeGreaterThan((first ?? 0) + 60_000 - 1);
  });
});

describe('revoking an access token', () => {
  it('ends the session tokens it was exchanged for, and no others of the user', async () => {
    const { id, accessToken } = await createHolder('bob');
    const other = await request(api.app)
      .post('/v1/users/bob/access-tokens')
      .set('Authorization', mine.key)
      .send({});
    const [of, ofOther] = [
      await exchange(accessToken),
      await exchange(api.keepSecret(other.body.accessToken)),
    ];

    expect((await revoke('bob', id)).status).toBe(204);

    expect([await isRevoked(of.body.token), await isRevoked(ofOther.body.token)]).toEqual([true, false]);
    expect((await exchange(accessToken)).status).toBe(401);
  });

  it('lets no session token escape that is made at the same moment', async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      const { id, accessToken } = await createHolder(`racer-${round}`);

      const [revoked, ...answers] = await Promise.all([
        revoke(`racer-${round}`, id),
        ...Array.from({ length: 10 }, () => exchange(accessToken)),
      ]);

      expect(revoked?.status).toBe(204);
      for (const { status, body } of answers) {
        expect([201, 401]).toContain(status);
        expect(status === 401 || (await isRevoked(body.token))).toBe(true);
      }
    }
  });

  it('is waited for by an exchange, which finds nothing afterwards', async () => {
    const { id, accessToken } = await createHolder('late');
    const isDeleted = createDeferred<void>();
    const mayCommit = createDeferred<void>();
    const deletion = api.database.$transaction(async (transaction) => {
      await transaction.accessToken.delete({ where: { id } });
      isDeleted.resolve();
      await mayCommit.promise;
    });
    await isDeleted.promise;

    const answer = exchange(accessToken);
    await untilLockIsAwaited(api.database);
    mayCommit.resolve();

    expect((await answer).status).toBe(401);
    await deletion;
  });
});
