import {
  maxRoomParticipants,
  problemSchema,
  roomListSchema,
  roomSchema,
  type Room,
} from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  theirs = await api.createApplication();
  const { applicationId } = mine;
  await api.database.user.createMany({
    data: [
      ...['alice', 'bob', 'carol'].map((id) => ({ applicationId, id, displayName: id })),
      { applicationId, id: 'guest', displayName: 'Visitor', kind: 'guest' },
    ],
  });
});
afterAll(() => api.close());

const post = (path: string, body: object, key = mine.key) =>
  request(api.app).post(path).set('Authorization', key).send(body);
const patch = (path: string, body: object, key = mine.key) =>
  request(api.app).patch(path).set('Authorization', key).send(body);
const remove = (path: string, key = mine.key) => request(api.app).delete(path).set('Authorization', key);
const get = (path: string, key = mine.key) => request(api.app).get(path).set('Authorization', key);
const dayMs = 24 * 60 * 60 * 1000;

describe('POST /v1/rooms', () => {
  it('makes an invite-only room without a lobby, for 100 people and 180 days, when nothing is asked', async () => {
    const answer = await post('/v1/rooms', {});

    expect(answer.status).toBe(201);
    const room = roomSchema.strict().parse(answer.body);
    expect(room).toMatchObject({
      access: 'invite',
      lobby: false,
      maxParticipants: 100,
      attendeesMayShare: true,
      callSettings: {},
      roster: {},
    });
    expect(room.id).toMatch(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
    expect(Date.parse(room.validUntil) - Date.parse(room.validFrom)).toBe(180 * dayMs);
    expect(answer.headers['location']).toBe(`/v1/rooms/${room.id}`);
  });

  it('publishes what the sfu admits people by, before its own answer', async () => {
    const { body } = await post('/v1/rooms', {
      name: 'Board',
      access: 'open',
      lobby: true,
      attendeesMayShare: false,
      validFrom: '2030-01-01T00:00:00Z',
      validUntil: '2030-01-02T01:00:00+01:00',
      maxParticipants: 7,
      callSettings: { reconnectSeconds: 60 },
      roster: { alice: 'presenter' },
    });

    expect(await api.admission.room(mine.applicationId, body.id)).toEqual({
      applicationId: mine.applicationId,
      roomId: body.id,
      access: 'open',
      lobby: true,
      attendeesMayShare: false,
      validFromMs: Date.UTC(2030, 0, 1),
      validUntilMs: Date.UTC(2030, 0, 2),
      maxParticipants: 7,
      callSettings: { reconnectSeconds: 60 },
      roster: { alice: 'presenter' },
    });
  });

  it.each([
    ['a roster with a user there is not', { roster: { nobody: 'presenter' } }],
    ['a role there is not', { roster: { alice: 'king' } }],
    ['a name on the roster that would be lost', { roster: JSON.parse('{"__proto__":"presenter"}') }],
    ['an end in the past', { validUntil: '2020-01-01T00:00:00Z' }],
    [
      'an end before the beginning',
      { validFrom: '2031-01-01T00:00:00Z', validUntil: '2030-01-01T00:00:00Z' },
    ],
    ['room for nobody', { maxParticipants: 0 }],
    ['a lobby that may be', { lobby: 'maybe' }],
    ['a call setting there is not', { callSettings: { patience: 1 } }],
    ['a call setting out of bounds', { callSettings: { reconnectSeconds: 4 } }],
    ['an unknown field', { colour: 'blue' }],
  ])('refuses %s', async (_case, body) => {
    const answer = await post('/v1/rooms', body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  it.each([
    ["a neighbour's user", () => theirs.key, 'alice'],
    ['a guest', () => mine.key, 'guest'],
  ])('refuses %s on the roster, in the words for a user there is not', async (_case, key, userId) => {
    const words = async (id: string) => {
      const answer = await post('/v1/rooms', { roster: { [id]: 'presenter' } }, key());
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);

      return problemSchema.parse(answer.body).errors;
    };

    const [fault] = (await words(userId)) ?? [];
    expect(fault?.pointer).toBe(`/roster/${userId}`);
    expect(await words('nobody')).toEqual([{ ...fault, pointer: '/roster/nobody' }]);
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

  it('goes through the list page by page', async () => {
    const app = await api.createApplication();
    const made = await Promise.all(
      Array.from({ length: 5 }, async () => (await post('/v1/rooms', {}, app.key)).body.id as string),
    );
    const seen: string[] = [];
    let query = '?limit=2';
    while (query !== '') {
      const page = roomListSchema.parse((await get(`/v1/rooms${query}`, app.key)).body);
      seen.push(...page.items.map(({ id }) => id));
      query = page.nextCursor === undefined ? '' : `?limit=2&cursor=${page.nextCursor}`;
    }

    expect(seen).toEqual(made.toSorted());
  });
});

describe('PATCH /v1/rooms/{roomId}', () => {
  const full = {
    name: 'Board',
    access: 'open',
    lobby: true,
    validFrom: '2030-01-01T00:00:00.000Z',
    validUntil: '2030-01-02T00:00:00.000Z',
    maxParticipants: 7,
    attendeesMayShare: false,
    callSettings: { reconnectSeconds: 60, whenBusy: 'refuse' },
    roster: { alice: 'presenter', bob: 'attendee' },
  } as const;
  const makeRoom = async (body: object = full): Promise<Room> => (await post('/v1/rooms', body)).body;

  it('changes what is named and leaves the rest', async () => {
    const room = await makeRoom();

    const answer = await patch(`/v1/rooms/${room.id}`, { name: 'New', lobby: false });

    expect(answer.status).toBe(200);
    expect(roomSchema.strict().parse(answer.body)).toEqual({ ...room, name: 'New', lobby: false });
    expect((await get(`/v1/rooms/${room.id}`)).body).toEqual(answer.body);
  });

  it('restores with null what a new room has', async () => {
    const room = await makeRoom();
    const nothing = Object.fromEntries(Object.keys(full).map((field) => [field, null]));

    const changed = roomSchema.parse((await patch(`/v1/rooms/${room.id}`, nothing)).body);

    const { validFrom, validUntil, ...settings } = changed;
    expect(settings).toEqual({
      id: room.id,
      access: 'invite',
      lobby: false,
      maxParticipants: 100,
      attendeesMayShare: true,
      callSettings: {},
      roster: {},
      createdAt: room.createdAt,
    });
    expect(Math.abs(Date.parse(validFrom) - Date.now())).toBeLessThan(60_000);
    expect(Date.parse(validUntil) - Date.parse(validFrom)).toBe(180 * dayMs);
  });

  it('adds to the roster, gives another role, and takes off with null', async () => {
    const room = await makeRoom();

    const answer = await patch(`/v1/rooms/${room.id}`, {
      roster: { alice: null, bob: 'presenter', carol: 'consumer' },
    });

    expect(answer.body.roster).toEqual({ bob: 'presenter', carol: 'consumer' });
  });

  it('changes one call setting, and with null gives one back to the application', async () => {
    const room = await makeRoom();

    await patch(`/v1/rooms/${room.id}`, { callSettings: { whenBusy: null, loudestHeard: 5 } });

    const callSettings = { reconnectSeconds: 60, loudestHeard: 5 };
    expect((await get(`/v1/rooms/${room.id}`)).body).toEqual({ ...room, callSettings });
    expect((await api.admission.room(mine.applicationId, room.id))?.callSettings).toEqual(callSettings);
  });

  it('publishes the change before its own answer, and live participants hear of it', async () => {
    const room = await makeRoom();
    const heard: unknown[] = [];
    const stopListening = api.admission.onRoomChanged((change) => heard.push(change));

    await patch(`/v1/rooms/${room.id}`, { roster: { alice: null, bob: 'consumer' }, maxParticipants: 3 });
    stopListening();

    const record = await api.admission.room(mine.applicationId, room.id);
    expect(record).toMatchObject({ roster: { bob: 'consumer' }, maxParticipants: 3, lobby: true });
    expect(heard).toEqual([{ applicationId: mine.applicationId, roomId: room.id, room: record }]);
  });

  it.each([
    ['an end before the beginning that stays', { validUntil: '2029-01-01T00:00:00Z' }, '/validUntil'],
    ['a beginning after the end that stays', { validFrom: '2031-01-01T00:00:00Z' }, '/validUntil'],
    ['a user there is not', { roster: { nobody: 'attendee' } }, '/roster/nobody'],
    ['a guest on the roster', { roster: { guest: 'attendee' } }, '/roster/guest'],
    ['a role there is not', { roster: { alice: 'king' } }, '/roster/alice'],
    ['an unknown field', { colour: 'blue' }, '/colour'],
  ])('refuses %s, and changes nothing', async (_case, body, pointer) => {
    const room = await makeRoom();

    const answer = await patch(`/v1/rooms/${room.id}`, body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(problemSchema.parse(answer.body).errors?.map((fault) => fault.pointer)).toEqual([pointer]);
    expect((await get(`/v1/rooms/${room.id}`)).body).toEqual(room);
    expect(await api.admission.room(mine.applicationId, room.id)).toMatchObject({ roster: full.roster });
  });

  it('lets no roster outgrow what a room can hold by patches either', async () => {
    const app = await api.createApplication();
    const ids = Array.from({ length: maxRoomParticipants + 1 }, (_, n) => `u${n}`);
    await api.database.user.createMany({
      data: ids.map((id) => ({ applicationId: app.applicationId, id, displayName: id })),
    });
    const rosterOf = (names: string[]) => Object.fromEntries(names.map((id) => [id, 'attendee']));
    const { body: room } = await post('/v1/rooms', { roster: rosterOf(ids.slice(1)) }, app.key);

    const answer = await patch(`/v1/rooms/${room.id}`, { roster: rosterOf(ids.slice(0, 1)) }, app.key);
    const swapped = await patch(`/v1/rooms/${room.id}`, { roster: { u0: 'attendee', u1: null } }, app.key);

    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [{ pointer: '/roster', detail: 'must not name more than 1000 users' }],
    ]);
    expect(swapped.status).toBe(200);
  });

  it('loses no change of two that come at once, and publishes them in their order', async () => {
    const room = await makeRoom({ roster: {} });
    const changes = [{ roster: { alice: 'presenter' } }, { roster: { bob: 'attendee' } }, { name: 'Both' }];

    const answers = await Promise.all(changes.map((body) => patch(`/v1/rooms/${room.id}`, body)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const roster = { alice: 'presenter', bob: 'attendee' };
    expect((await get(`/v1/rooms/${room.id}`)).body).toMatchObject({ name: 'Both', roster });
    expect(await api.admission.room(mine.applicationId, room.id)).toMatchObject({ roster });
  });
});

describe('DELETE /v1/rooms/{roomId}', () => {
  it('takes the room away, with its links, and the sfu hears of it before the answer', async () => {
    const { body: room } = await post('/v1/rooms', { roster: { alice: 'presenter' } });
    const { body: link } = await post(`/v1/rooms/${room.id}/guest-links`, {});
    const heard: unknown[] = [];
    const stopListening = api.admission.onRoomChanged((change) => heard.push(change));

    const answer = await remove(`/v1/rooms/${room.id}`);
    stopListening();

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(heard).toEqual([{ applicationId: mine.applicationId, roomId: room.id, room: undefined }]);
    expect(await api.admission.room(mine.applicationId, room.id)).toBeUndefined();
    expect(await api.database.guestLink.count({ where: { id: link.id } })).toBe(0);
    for (const again of [await get(`/v1/rooms/${room.id}`), await remove(`/v1/rooms/${room.id}`)]) {
      expect([again.status, again.body.code]).toEqual([404, 'room_not_found']);
    }
  });
});
