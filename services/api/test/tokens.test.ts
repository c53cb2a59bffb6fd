import { issuedTokenSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

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
  const revoke = (userId = 'alice') =>
    request(api.app).delete(`/v1/users/${userId}/tokens`).set('Authorization', mine.key);

  it('voids every token issued until then, and is published before its answer', async () => {
    const revoked: unknown[] = [];
    const dispose = api.admission.onRevoked((revocation) => revoked.push(revocation));
    const claims = await api.verify((await issue()).body.token);

    const answer = await revoke();

    expect(answer.status).toBe(204);
    const revokedBefore = api.admission.revokedBefore(mine.applicationId, 'alice') ?? 0;
    expect(revokedBefore).toBeGreaterThan(claims.issuedAtMs);
    expect(revoked).toEqual([
      { applicationId: mine.applicationId, userId: 'alice', revokedBeforeMs: revokedBefore },
    ]);
    dispose();
  });

  it('leaves tokens valid that are issued after it', async () => {
    await revoke();

    const claims = await api.verify((await issue()).body.token);

    expect(claims.issuedAtMs).toBeGreaterThanOrEqual(
      api.admission.revokedBefore(mine.applicationId, 'alice') ?? Infinity,
    );
  });

  it('never takes back a later revocation', async () => {
    const later = new Date(Date.now() + 60_000);
    await revoke();
    await api.database.revocation.updateMany({ where: { userId: 'alice' }, data: { revokedBefore: later } });

    await revoke();

    const row = await api.database.revocation.findFirst({ where: { userId: 'alice' } });
    expect(row?.revokedBefore).toEqual(later);
  });

  it('is not found for a user there is not, and records nothing', async () => {
    expect((await revoke('nobody')).status).toBe(404);
    expect(await api.database.revocation.findFirst({ where: { userId: 'nobody' } })).toBeNull();
  });
});
