import { createDeferred } from '@parley/kit';
import { issuedTokenSchema } from '@parley/protocol/rest';
import type { SessionClaims } from '@parley/tokens';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';
import { untilLockIsAwaited } from './untilLockIsAwaited.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  await request(api.app)
    .post('/v1/users')
    .set('Authorization', mine.key)
    .send({ id: 'alice', displayName: 'Alice' });
});
afterAll(() => api.close());

const issue = async (body: object = {}, userId = 'alice') => {
  const answer = await request(api.app)
    .post(`/v1/users/${userId}/tokens`)
    .set('Authorization', mine.key)
    .send(body);
  api.keepSecret(answer.body.token ?? 'none issued');

  return answer;
};

describe('POST /v1/users/{id}/tokens', () => {
  it('issues a token that verifies with the published keys and names the service', async () => {
    const before = Date.now();

    const answer = await issue({ scopes: ['calls.join', 'rooms.join'], expiresInSeconds: 600 });

    expect(answer.status).toBe(201);
    const { token, expiresAt } = issuedTokenSchema.strict().parse(answer.body);
    const claims = await api.verify(token);
    expect(claims).toMatchObject({
      applicationId: mine.applicationId,
      identity: { userId: 'alice', displayName: 'Alice', kind: 'user' },
      scopes: ['calls.join', 'rooms.join'],
    });
    expect(claims.issuedAtMs).toBeGreaterThanOrEqual(before);
    expect(Date.parse(expiresAt)).toBe(claims.expiresAtMs);
    expect(claims.expiresAtMs - claims.issuedAtMs).toBeGreaterThan(598_000);
    expect(claims.expiresAtMs - claims.issuedAtMs).toBeLessThanOrEqual(600_000);
  });

  it('may be used for calls, for a day, when nobody says otherwise', async () => {
    const { body } = await issue();

    const claims = await api.verify(body.token);

    expect(claims.scopes).toEqual(['calls']);
    expect(Math.round((claims.expiresAtMs - claims.issuedAtMs) / 3_600_000)).toBe(24);
  });

  it.each([
    { scopes: [] },
    { scopes: ['admin'] },
    { scopes: 'calls' },
    { expiresInSeconds: 59 },
    { expiresInSeconds: 604_801 },
    { expiresInSeconds: '600' },
  ])('refuses %j', async (body) => {
    const answer = await issue(body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it('is not found for a user there is not', async () => {
    const answer = await issue({}, 'nobody');

    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  it('is never cached', async () => {
    expect((await issue()).headers['cache-control']).toBe('no-store');
  });
});

describe('DELETE /v1/users/{id}/tokens', () => {
  const revoke = (userId = 'alice', query = '') =>
    request(api.app).delete(`/v1/users/${userId}/tokens${query}`).set('Authorization', mine.key);
  const revokedBefore = async () => {
    const row = await api.database.revocation.findFirst({ where: { subject: 'user', subjectId: 'alice' } });

    return row?.revokedBefore.getTime();
  };
  const isRevoked = ({ applicationId, identity, grantId, issuedAtMs }: SessionClaims) =>
    api.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });

  it('voids every token issued until then, and is published before its answer', async () => {
    const revoked: unknown[] = [];
    const dispose = api.admission.onRevoked((revocation) => revoked.push(revocation));
    const claims = await api.verify((await issue()).body.token);

    const answer = await revoke();

    expect(answer.status).toBe(204);
    expect(isRevoked(claims)).toBe(true);
    expect(revoked).toEqual([
      {
        applicationId: mine.applicationId,
        subject: { kind: 'user', userId: 'alice' },
        revokedBeforeMs: await revokedBefore(),
      },
    ]);
    dispose();
  });

  it('voids one that was issued in the same millisecond, and none of the next', async () => {
    let nowMs = Date.now();
    const still = await startTestApi({ now: () => nowMs });
    const { key } = await still.createApplication();
    const users = request.agent(still.app).set('Authorization', key);
    await users.post('/v1/users').send({ id: 'alice' });
    const issueNow = async () =>
      still.keepSecret((await users.post('/v1/users/alice/tokens').send({})).body.token);
    const use = (token: string) =>
      request(still.app).get('/v1/me/calls').set('Authorization', `Bearer ${token}`);

    const before = await issueNow();
    await users.delete('/v1/users/alice/tokens');
    const refused = await use(before);
    nowMs += 1;
    const after = await use(await issueNow());

    expect((await still.verify(before)).issuedAtMs).toBe(nowMs - 1);
    expect([refused.status, refused.body.code]).toEqual([401, 'token_revoked']);
    expect(after.status).toBe(200);
    await still.close();
  });

  it('leaves tokens valid that are issued after it', async () => {
    await revoke();

    const claims = await api.verify((await issue()).body.token);

    expect(isRevoked(claims)).toBe(false);
  });

  it('never takes back a later revocation', async () => {
    const later = Date.now() + 60_000;
    await revoke();
    await api.database.revocation.updateMany({
      where: { subjectId: 'alice' },
      data: { revokedBefore: new Date(later) },
    });

    await revoke();

    expect(await revokedBefore()).toBe(later);
  });

  it('ends the sign-ins, and the access tokens when it is told to', async () => {
    const { applicationId, key } = mine;
    await request(api.app).post('/v1/users').set('Authorization', key).send({ id: 'bob' });
    const made = await request(api.app)
      .post('/v1/users/bob/access-tokens')
      .set('Authorization', key)
      .send({});
    const accessToken = api.keepSecret(made.body.accessToken);
    const exchange = async () => {
      const { status, body } = await request(api.app).post('/v1/sessions').send({ accessToken });
      api.keepSecret(body.token ?? 'none issued');

      return status;
    };
    await api.database.refreshGrant.create({
      data: {
        id: 'grant-of-bob',
        applicationId,
        userId: 'bob',
        clientId: 'pk_test',
        scope: 'calls',
        expiresAt: new Date(Date.now() + 60_000),
      },
    });

    await revoke('bob');

    const grant = await api.database.refreshGrant.findUnique({ where: { id: 'grant-of-bob' } });
    expect(grant?.revokedAt).not.toBeNull();
    expect(await exchange()).toBe(201);
    expect((await revoke('bob', '?accessTokens=true')).status).toBe(204);
    expect(await exchange()).toBe(401);
    expect((await revoke('bob', '?accessTokens=yes')).status).toBe(400);
  });

  it('is not found for a user there is not, and records nothing', async () => {
    expect((await revoke('nobody')).status).toBe(404);
    expect(await api.database.revocation.findFirst({ where: { subjectId: 'nobody' } })).toBeNull();
  });
});

describe('the record of issued tokens', () => {
  const entries = (userId: string) =>
    api.database.auditEntry.findMany({
      where: { applicationId: mine.applicationId, action: 'issueToken', target: `users/${userId}/tokens` },
      orderBy: { id: 'asc' },
    });
  const createUser = (id: string) =>
    request(api.app)
      .post('/v1/users')
      .set('Authorization', mine.key)
      .send({ id, displayName: `${id}!` });

  it('has one row a token, of the moment the token carries, before the token is answered', async () => {
    await createUser('recorded');

    const answer = await issue({}, 'recorded');

    const rows = await entries('recorded');
    const [key] = await api.database.apiKey.findMany({ where: { applicationId: mine.applicationId } });
    const { issuedAtMs } = await api.verify(answer.body.token);
    expect(rows).toMatchObject([
      {
        at: new Date(issuedAtMs),
        actorKind: 'key',
        actorId: key?.privateKey,
        address: '127.0.0.1',
        requestId: answer.headers['x-request-id'],
      },
    ]);
  });

  it('gives each of many requests at once its own user, and refuses only those without one', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `crowd-${index}`);
    await Promise.all(ids.map((id) => createUser(id)));
    const asked = [...ids, 'nobody-1', ...ids, 'nobody-2'];

    const answers = await Promise.all(asked.map((id) => issue({}, id)));

    expect(answers.map(({ status }) => status)).toEqual(
      asked.map((id) => (id.startsWith('nobody') ? 404 : 201)),
    );
    const identities = await Promise.all(
      answers.filter(({ status }) => status === 201).map(({ body }) => api.verify(body.token)),
    );
    expect(identities.map(({ identity }) => identity)).toEqual(
      [...ids, ...ids].map((userId) => ({ userId, displayName: `${userId}!`, kind: 'user' })),
    );
    expect(await Promise.all(ids.map(async (id) => (await entries(id)).length))).toEqual(ids.map(() => 2));
    expect(await entries('nobody-1')).toEqual([]);
  });

  it('lets no token outlive the deletion of its user, however close the two come', async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      const userId = `fleeting-${round}`;
      await createUser(userId);

      const [deleted, ...answers] = await Promise.all([
        request(api.app).delete(`/v1/users/${userId}`).set('Authorization', mine.key),
        ...Array.from({ length: 20 }, () => issue({}, userId)),
      ]);

      expect(deleted?.status).toBe(204);
      expect(answers.every(({ status }) => [201, 404].includes(status))).toBe(true);
      const issued = await Promise.all(
        answers.filter(({ status }) => status === 201).map(({ body }) => api.verify(body.token)),
      );
      const areRevoked = issued.map(({ applicationId, grantId, issuedAtMs }) =>
        api.admission.isRevoked({ applicationId, userId, grantId, issuedAtMs }),
      );
      expect(areRevoked).toEqual(issued.map(() => true));
    }
  });

  it('waits for a deletion under way, and finds nobody after it', async () => {
    await createUser('leaving');
    const { applicationId } = mine;
    const isDeleted = createDeferred<void>();
    const mayCommit = createDeferred<void>();
    const deletion = api.database.$transaction(async (transaction) => {
      await transaction.user.delete({ where: { applicationId_id: { applicationId, id: 'leaving' } } });
      isDeleted.resolve();
      await mayCommit.promise;
    });
    await isDeleted.promise;

    const answer = issue({}, 'leaving');
    await untilLockIsAwaited(api.database);
    mayCommit.resolve();

    expect((await answer).status).toBe(404);
    await deletion;
  });
  it('does not let the deletion of one user delay the tokens of others and of other applications', async () => {
    const neighbour = await api.createApplication();
    await request(api.app).post('/v1/users').set('Authorization', neighbour.key).send({ id: 'nora' });
    await createUser('held');
    const { applicationId } = mine;

    const { delayed } = await api.database.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`
          SELECT 1 FROM "User" WHERE "applicationId" = ${applicationId} AND "id" = 'held' FOR UPDATE`;
        const asked = issue({}, 'held');
        await untilLockIsAwaited(api.database);

        const others = await Promise.all([
          issue(),
          request(api.app).post('/v1/users/nora/tokens').set('Authorization', neighbour.key).send({}),
        ]);

        expect(others.map(({ status }) => status)).toEqual([201, 201]);
        others.forEach(({ body }) => api.keepSecret(body.token));

        return { delayed: asked };
      },
      { timeout: 20_000 },
    );

    expect((await delayed).status).toBe(201);
    expect(await entries('held')).toHaveLength(1);
  });
});
