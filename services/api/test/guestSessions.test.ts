import { randomUUID } from 'node:crypto';
import { guestSessionSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowedOrigin, publicUrl, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

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

const visit = async (code: string, displayName = 'Visitor', origin?: string) => {
  const asked = request(api.app).post('/v1/guest-sessions');
  const answer = await (origin === undefined ? asked : asked.set('Origin', origin)).send({
    code,
    displayName,
  });
  api.keepSecret(answer.body.token ?? 'none issued');

  return answer;
};

async function makeLink(
  link: object = {},
  room: object = {},
  { key }: TestApplication = mine,
): Promise<{ code: string; roomId: string }> {
  const headers = { Authorization: key };
  const { body: made } = await request(api.app).post('/v1/rooms').set(headers).send(room);
  const answer = await request(api.app).post(`/v1/rooms/${made.id}/guest-links`).set(headers).send(link);

  return { code: api.keepSecret(new URL(answer.body.url).hash.slice(1)), roomId: made.id };
}

describe('POST /v1/guest-sessions', () => {
  it('gives a token for the one room of the link and in its role, with no key', async () => {
    const { code, roomId } = await makeLink({ role: 'attendee' }, { name: 'Open day' });

    const answer = await visit(code, ' Zoë ');

    expect(answer.status).toBe(201);
    const session = guestSessionSchema.strict().parse(answer.body);
    expect(session).toMatchObject({ roomId, roomName: 'Open day' });
    expect(await api.verify(session.token)).toMatchObject({
      applicationId: mine.applicationId,
      identity: { displayName: 'Zoë', kind: 'guest' },
      scopes: ['rooms.join'],
      guestOf: { roomId, role: 'attendee' },
    });
  });

  it('is safe to send again with an Idempotency-Key: the same visitor, and one use of the link', async () => {
    const { code } = await makeLink({ maxUses: 2 });
    const key = randomUUID();
    const again = () =>
      request(api.app)
        .post('/v1/guest-sessions')
        .set('Idempotency-Key', key)
        .send({ code, displayName: 'Same' });

    const [first, second] = [await again(), await again()];
    api.keepSecret(first.body.token);

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect((await visit(code)).status).toBe(201);
    expect((await visit(code)).status).toBe(403);
  });

  it('makes two visitors with one link two identities', async () => {
    const { code } = await makeLink();

    const [one, two] = await Promise.all([visit(code, 'Same'), visit(code, 'Same')]);
    const [first, second] = [await api.verify(one.body.token), await api.verify(two.body.token)];

    expect(first.identity.userId).toMatch(/^guest-[0-9a-z]{20}$/);
    expect(second.identity.userId).not.toBe(first.identity.userId);
  });

  it('keeps each visitor as a user of the kind guest, whose tokens the backend can revoke', async () => {
    const { code } = await makeLink();
    const { body } = await visit(code, 'Zoë');
    const { identity, ...claims } = await api.verify(body.token);
    const token = { ...claims, userId: identity.userId };
    const row = await api.database.user.findUniqueOrThrow({
      where: { applicationId_id: { applicationId: mine.applicationId, id: identity.userId } },
    });
    expect(row).toMatchObject({
      kind: 'guest',
      displayName: 'Zoë',
      tokensExpireAt: new Date(body.expiresAt),
    });
    // Nobody can call them.
    expect(await api.admission.user(mine.applicationId, identity.userId)).toBeUndefined();
    expect(api.admission.isRevoked(token)).toBe(false);

    const answer = await request(api.app)
      .delete(`/v1/users/${identity.userId}/tokens`)
      .set('Authorization', mine.key);

    expect(answer.status).toBe(204);
    expect(api.admission.isRevoked(token)).toBe(true);
  });

  it('admits to an invite-only room too, in the name of the link', async () => {
    const { code, roomId } = await makeLink({ role: 'consumer' }, { access: 'invite', roster: {} });

    const { body } = await visit(code);

    const { grantId, guestOf } = await api.verify(body.token);
    expect(guestOf).toEqual({ roomId, role: 'consumer' });
    expect(code.startsWith(grantId)).toBe(true);
  });

  it('admits no more visitors than the link may, also when they come at once', async () => {
    const { code } = await makeLink({ maxUses: 2 });

    const answers = await Promise.all(Array.from({ length: 6 }, () => visit(code)));

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 201, 403, 403, 403, 403,
    ]);
  });

  it('knows no other code, in the same words for every kind', async () => {
    const { code } = await makeLink();
    const altered = code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A');

    for (const wrong of [altered, 'x', `${'0'.repeat(16)}${code.slice(16)}`]) {
      const answer = await visit(wrong);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      expect(answer.body.detail).toBe('This link is not valid.');
    }
  });

  it('admits nobody with a link that has expired', async () => {
    const { code } = await makeLink({ expiresInSeconds: 60 });
    aheadMs = 61_000;

    const answer = await visit(code);

    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });

  it('admits nobody to a room that has ended, and says so', async () => {
    const { code, roomId } = await makeLink(
      {},
      { validUntil: new Date(Date.now() + 3_600_000).toISOString() },
    );
    await request(api.app)
      .patch(`/v1/rooms/${roomId}`)
      .set('Authorization', mine.key)
      .send({ validUntil: new Date(Date.now() + 60_000).toISOString() });
    aheadMs = 61_000;

    const answer = await visit(code);

    expect([answer.status, answer.body.code]).toEqual([403, 'outside_room_window']);
    expect(await api.database.guestLink.findMany({ where: { roomId } })).toMatchObject([{ uses: 0 }]);
  });

  it('gives a token that ends with the room', async () => {
    const validUntil = new Date(Date.now() + 120_000).toISOString();
    const { code } = await makeLink({}, { validUntil });

    const { body } = await visit(code);

    expect(Math.abs(Date.parse(body.expiresAt) - Date.parse(validUntil))).toBeLessThanOrEqual(1_000);
  });

  it.each([
    [{ code: '', displayName: 'A' }],
    [{ displayName: 'A' }],
    [{ code: 'x' }],
    [{ code: 'x', displayName: ' ' }],
    [{ code: 'x', displayName: 'A', role: 'presenter' }],
  ])('refuses %j', async (body) => {
    const answer = await request(api.app).post('/v1/guest-sessions').send(body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it('serves the pages of the application and our own, and no others', async () => {
    const { code } = await makeLink({ maxUses: 2 });

    for (const origin of [allowedOrigin, publicUrl]) {
      const answer = await visit(code, 'Visitor', origin);
      expect(answer.status).toBe(201);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
    }
    // Refused before the link is used up: this would be its third use.
    const answer = await visit(code, 'Visitor', 'https://evil.example');
    expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('allowedOrigins')]);
  });

  it('slows an address down that tries codes, and says for how long', async () => {
    const slow = await startTestApi({ addressRequestsPerMinute: 2 });
    const attempt = () => request(slow.app).post('/v1/guest-sessions').send({ code: 'x', displayName: 'A' });

    const answers = [await attempt(), await attempt(), await attempt()];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 429]);
    expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers[2]?.body.code).toBe('too_many_requests');
    await slow.close();
  });

  it('counts visits against the limit of the application', async () => {
    const few = await api.createApplication({ visitorsPerMinute: 2 });
    const { code } = await makeLink({}, {}, few);

    const answers = [await visit(code), await visit(code), await visit(code)];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(answers[1]?.headers['ratelimit']).toMatch(/r=0/);
    // Those of the others are not used up by it.
    const other = await makeLink();
    expect((await visit(other.code)).status).toBe(201);
  });

  it.each([
    { trustedProxies: ['loopback'], statuses: [404, 404, 404], who: 'each client behind a trusted proxy' },
    { trustedProxies: [], statuses: [404, 404, 429], who: 'the address itself, whatever a stranger claims' },
  ])('counts $who', async ({ trustedProxies, statuses }) => {
    const counting = await startTestApi({ addressRequestsPerMinute: 2, trustedProxies });
    const attempt = (client: string) =>
      request(counting.app)
        .post('/v1/guest-sessions')
        .set('X-Forwarded-For', client)
        .send({ code: 'x', displayName: 'A' });

    const answers = [await attempt('192.0.2.1'), await attempt('192.0.2.2'), await attempt('192.0.2.3')];

    expect(answers.map(({ status }) => status)).toEqual(statuses);
    await counting.close();
  });
});
