import { guestLinkSchema, roomListSchema, roomSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicUrl, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;
let aheadMs = 0;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => aheadMs });
  mine = await api.createApplication();
  theirs = await api.createApplication();
  await request(api.app).post('/v1/users').set('Authorization', mine.key).send({ id: 'alice' });
});
afterAll(() => api.close());

const post = (path: string, body: object, key = mine.key) =>
  request(api.app).post(path).set('Authorization', key).send(body);
const get = (path: string, key = mine.key) => request(api.app).get(path).set('Authorization', key);
const dayMs = 24 * 60 * 60 * 1000;

describe('POST /v1/rooms', () => {
  it('makes an invite-only room for 100 people and 180 days when nothing is asked', async () => {
    const answer = await post('/v1/rooms', {});

    expect(answer.status).toBe(201);
    const room = roomSchema.strict().parse(answer.body);
    expect(room).toMatchObject({ access: 'invite', maxParticipants: 100, roster: {} });
    expect(room.id).toMatch(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
    expect(Date.parse(room.validUntil) - Date.parse(room.validFrom)).toBe(180 * dayMs);
    expect(answer.headers['location']).toBe(`/v1/rooms/${room.id}`);
  });

  it('publishes what the sfu admits people by, before its own answer', async () => {
    const { body } = await post('/v1/rooms', {
      name: 'Board',
      access: 'open',
      validFrom: '2030-01-01T00:00:00Z',
      validUntil: '2030-01-02T01:00:00+01:00',
      maxParticipants: 7,
      roster: { alice: 'presenter' },
    });

    expect(await api.admission.room(mine.applicationId, body.id)).toEqual({
      applicationId: mine.applicationId,
      roomId: body.id,
      access: 'open',
      validFromMs: Date.UTC(2030, 0, 1),
      validUntilMs: Date.UTC(2030, 0, 2),
      maxParticipants: 7,
      roster: { alice: 'presenter' },
    });
  });

  it.each([
    ['a roster with a user there is not', { roster: { nobody: 'presenter' } }],
    ['a role there is not', { roster: { alice: 'king' } }],
    ['an end in the past', { validUntil: '2020-01-01T00:00:00Z' }],
    [
      'an end before the beginning',
      { validFrom: '2031-01-01T00:00:00Z', validUntil: '2030-01-01T00:00:00Z' },
    ],
    ['room for nobody', { maxParticipants: 0 }],
    ['an unknown field', { lobby: 'maybe' }],
  ])('refuses %s', async (_case, body) => {
    const answer = await post('/v1/rooms', body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it("refuses a neighbour's user on the roster, in the words for one there is not", async () => {
    const answer = await post('/v1/rooms', { roster: { alice: 'presenter' } }, theirs.key);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('GET /v1/rooms', () => {
  it('shows a room with its roster, alone and in the list', async () => {
    const { body: made } = await post('/v1/rooms', { name: 'Shown', roster: { alice: 'attendee' } });

    const answer = await get(`/v1/rooms/${made.id}`);
    const list = roomListSchema.parse((await get('/v1/rooms?limit=100')).body);

    expect(roomSchema.strict().parse(answer.body)).toEqual(made);
    expect(list.items).toContainEqual(made);
  });

  it("shows nothing of it to a neighbour's key, nor makes a link to it", async () => {
    const { body: made } = await post('/v1/rooms', {});

    const answers = [
      await get(`/v1/rooms/${made.id}`, theirs.key),
      await post(`/v1/rooms/${made.id}/guest-links`, {}, theirs.key),
      await get('/v1/rooms/none'),
      await post('/v1/rooms/none/guest-links', {}),
    ];

    for (const answer of answers) {
      expect([answer.status, answer.body.code]).toEqual([404, 'room_not_found']);
    }
    expect(roomListSchema.parse((await get('/v1/rooms', theirs.key)).body).items).toEqual([]);
  });
});

describe('POST /v1/rooms/{id}/guest-links', () => {
  it('gives a link below the public URL with its code in the fragment, stored as a hash only', async () => {
    const { body: room } = await post('/v1/rooms', {});

    const answer = await post(`/v1/rooms/${room.id}/guest-links`, { role: 'presenter', maxUses: 3 });

    expect(answer.status).toBe(201);
    const link = guestLinkSchema.strict().parse(answer.body);
    const { origin, pathname, hash } = new URL(link.url);
    expect([origin, pathname]).toEqual([publicUrl, '/join']);
    expect(link).toMatchObject({ role: 'presenter', maxUses: 3, expiresAt: room.validUntil });
    const code = api.keepSecret(hash.slice(1));
    const row = await api.database.guestLink.findUniqueOrThrow({ where: { id: link.id } });
    expect(row.secretHash).toHaveLength(32);
    expect(JSON.stringify({ ...row, secretHash: '' })).not.toContain(code.slice(link.id.length));
  });

  it('ends it when asked, but never after its room', async () => {
    const validUntil = new Date(Date.now() + dayMs).toISOString();
    const { body: room } = await post('/v1/rooms', { validUntil });
    const expiry = async (body: object): Promise<number> =>
      Date.parse((await post(`/v1/rooms/${room.id}/guest-links`, body)).body.expiresAt);

    expect(await expiry({ expiresInSeconds: 7 * 86_400 })).toBe(Date.parse(validUntil));
    expect(await expiry({ expiresInSeconds: 60 })).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('refuses one to a room that has ended', async () => {
    const { body: room } = await post('/v1/rooms', {
      validUntil: new Date(Date.now() + 60_000).toISOString(),
    });
    aheadMs = 2 * 60_000;

    const answer = await post(`/v1/rooms/${room.id}/guest-links`, {});

    aheadMs = 0;
    expect([answer.status, answer.body.code]).toEqual([403, 'outside_room_window']);
  });

  it.each([{ role: 'king' }, { maxUses: 0 }, { expiresInSeconds: 1 }, { code: 'x' }])(
    'refuses %j',
    async (body) => {
      const { body: room } = await post('/v1/rooms', {});

      const answer = await post(`/v1/rooms/${room.id}/guest-links`, body);

      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    },
  );
});
