import type { RoomChange } from '@parley/backplane';
import { Relay } from '@parley/test-kit';
import request, { type Response } from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blocked } from './blocked.ts';
import { startTestApi, type TestApi, type TestApiOptions, type TestApplication } from './testApi.ts';

let api: TestApi;
let application: TestApplication;
let adminKey: string;
let roomId: string;
let goneId: string;
let token: string;

afterEach(() => api.close());

async function start(options: Partial<TestApiOptions> = {}): Promise<void> {
  api = await startTestApi(options);
  application = await api.createApplication();
  adminKey = await application.keyWith(['provision', 'admin']);
  await send('post', '/v1/users', { id: 'alice', displayName: 'Alice', phoneNumbers: ['+4930123456'] });
  await send('post', '/v1/users', { id: 'bob' });
  ({ id: roomId } = (await send('post', '/v1/rooms', { roster: { alice: 'presenter' } })).body);
  ({ id: goneId } = (await send('post', '/v1/rooms', {})).body);
  await send('put', '/v1/anonymous-destinations', { destinations: ['alice'] });
  const issued = await send('post', '/v1/users/alice/tokens', {});
  token = api.keepSecret(issued.body.token);
}

async function send(
  method: 'post' | 'put' | 'patch' | 'delete',
  path: string,
  body?: object,
  key = adminKey,
): Promise<Response> {
  return request(api.app)[method](path).set('Authorization', key).send(body);
}

/** What the sfu would find. */
async function known() {
  const { admission } = api;
  const { applicationId } = application;
  const userIds = (await admission.userIds(applicationId)).toSorted();
  const roomIds = (await admission.roomIds(applicationId)).toSorted();

  return {
    application: await admission.application(applicationId),
    users: await Promise.all(userIds.map((id) => admission.user(applicationId, id))),
    rooms: await Promise.all(roomIds.map((id) => admission.room(applicationId, id))),
    ofNumber: await admission.userOfNumber(applicationId, '+4930123456'),
  };
}

async function isRevoked(): Promise<boolean | undefined> {
  const { applicationId, identity, grantId, issuedAtMs } = await api.verify(token);

  return api.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
}

/** What is told to the backplane from now on, by the names of its methods. */
function listen(): string[] {
  const told: string[] = [];
  const names = [
    'putApplication',
    'removeApplication',
    'putUser',
    'removeUser',
    'putRoom',
    'removeRoom',
    'putRevocation',
  ] as const;
  for (const name of names) {
    const tell = api.admission[name].bind(api.admission) as (...parameters: unknown[]) => Promise<void>;
    vi.spyOn(api.admission, name).mockImplementation(async (...parameters: unknown[]) => {
      told.push(name);
      await tell(...parameters);
    });
  }

  return told;
}

/** Lets each transaction that writes an audit row fail: at that statement, or as late as when it commits. */
async function failAt(moment: 'audit' | 'commit'): Promise<void> {
  await api.database.$executeRaw`
    CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''refused by the test''; END' LANGUAGE plpgsql`;
  await (moment === 'audit'
    ? api.database.$executeRaw`
        CREATE TRIGGER refuse BEFORE INSERT ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION refuse()`
    : api.database.$executeRaw`
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON "AuditEntry" DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()`);
}

async function failNoMore(): Promise<void> {
  await api.database.$executeRaw`DROP TRIGGER refuse ON "AuditEntry"`;
}

const changes = [
  ['a changed room', () => send('patch', `/v1/rooms/${roomId}`, { roster: null, lobby: true })],
  ['a new room', () => send('post', '/v1/rooms', {})],
  ['a deleted room', () => send('delete', `/v1/rooms/${goneId}`)],
  ['a new user', () => send('post', '/v1/users', { id: 'carol' })],
  ['a changed user', () => send('patch', '/v1/users/alice', { displayName: 'A', phoneNumbers: [] })],
  ['a deleted user', () => send('delete', '/v1/users/alice')],
  ['new destinations', () => send('put', '/v1/anonymous-destinations', { destinations: ['bob'] })],
  ['a changed application', () => send('patch', applicationPath(), { allowedOrigins: [] })],
  ['a deleted application', () => send('delete', applicationPath(), undefined, api.operatorKey)],
] as const;

function applicationPath(): string {
  return `/v1/applications/${application.applicationId}`;
}

describe('a change that comes to nothing before its end', () => {
  beforeEach(() => start());

  it.each(changes)('tells the sfu nothing: %s', async (_change, ask) => {
    const before = await known();
    const events: RoomChange[] = [];
    api.admission.onRoomChanged((change) => events.push(change));
    const told = listen();
    await failAt('audit');

    const { status } = await ask();

    expect(status).toBe(500);
    expect([told, events]).toEqual([[], []]);
    expect(await known()).toEqual(before);
    expect(await isRevoked()).toBe(false);
  });

  it('leaves the tokens good that it would have revoked', async () => {
    await failAt('audit');

    expect((await send('delete', '/v1/users/alice/tokens')).status).toBe(500);

    expect(await isRevoked()).toBe(false);
  });
});

describe('a change that comes to nothing when it is committed', () => {
  beforeEach(() => start());

  it.each(changes)('is put right from the database: %s', async (_change, ask) => {
    const before = await known();
    const told = listen();
    await failAt('commit');

    const { status } = await ask();

    expect(status).toBe(500);
    expect(told).not.toEqual([]);
    await vi.waitFor(async () => expect(await known()).toEqual(before), 5_000);
  });

  it('leaves tokens void that it had revoked, which is the safe side', async () => {
    await failAt('commit');

    await send('delete', '/v1/users/alice');

    expect(await isRevoked()).toBe(true);
    await vi.waitFor(
      async () => expect(await api.admission.user(application.applicationId, 'alice')).toBeDefined(),
      5_000,
    );
  });

  it('does not undo the same change made once more meanwhile', async () => {
    const [reached, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const remove = api.admission.removeUser.bind(api.admission);
    // The first that removes Carol is who puts right that she was told of.
    vi.spyOn(api.admission, 'removeUser').mockImplementationOnce(async (...ids) => {
      reached.resolve();
      await release.promise;
      await remove(...ids);
    });
    await failAt('commit');
    expect((await send('post', '/v1/users', { id: 'carol' })).status).toBe(500);
    await reached.promise;
    await failNoMore();

    const again = send('post', '/v1/users', { id: 'carol' });
    await blocked(api.database, 1);
    release.resolve();

    expect((await again).status).toBe(201);
    expect(await api.admission.user(application.applicationId, 'carol')).toBeDefined();
  });

  it('is put right as well when it is the backplane that failed', async () => {
    const before = await known();
    const put = api.admission.putRoom.bind(api.admission);
    vi.spyOn(api.admission, 'putRoom').mockImplementationOnce(async (record) => {
      await put(record);
      throw new Error('The backplane was lost.');
    });

    const { status } = await send('patch', `/v1/rooms/${roomId}`, { lobby: true });

    expect(status).toBe(500);
    await vi.waitFor(async () => expect(await known()).toEqual(before), 5_000);
    expect(await api.database.room.count({ where: { lobby: true } })).toBe(0);
  });
});

describe('changes of one room at the same time', () => {
  beforeEach(() => start());

  it('are told in the order they are committed', async () => {
    const { applicationId } = application;
    const [reached, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const put = api.admission.putRoom.bind(api.admission);
    vi.spyOn(api.admission, 'putRoom').mockImplementationOnce(async (record) => {
      reached.resolve();
      await release.promise;
      await put(record);
    });

    const first = send('patch', `/v1/rooms/${roomId}`, { maxParticipants: 2 });
    await reached.promise;
    const second = send('patch', `/v1/rooms/${roomId}`, { maxParticipants: 3 });
    await blocked(api.database, 1);
    release.resolve();

    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect(await api.admission.room(applicationId, roomId)).toMatchObject({ maxParticipants: 3 });
    expect(await api.database.room.count({ where: { id: roomId, maxParticipants: 3 } })).toBe(1);
  });
});

describe('a database that is lost between the telling and the commit', () => {
  let relay: Relay;
  beforeEach(() =>
    start({
      reachDatabase: async (url) => {
        relay = await Relay.to(url);

        return relay.url;
      },
    }),
  );
  afterEach(() => relay.cut());

  async function loseItAtTheNextRoom(): Promise<void> {
    const put = api.admission.putRoom.bind(api.admission);
    vi.spyOn(api.admission, 'putRoom').mockImplementationOnce(async (record) => {
      await put(record);
      await relay.cut();
    });
  }

  it('is asked again until it answers, and says what is so', async () => {
    const before = await known();
    await loseItAtTheNextRoom();

    const { status } = await send('patch', `/v1/rooms/${roomId}`, { lobby: true });

    expect(status).toBe(503);
    expect((await api.admission.room(application.applicationId, roomId))?.lobby).toBe(true);
    await relay.join();
    await vi.waitFor(async () => expect(await known()).toEqual(before), 10_000);
  });

  it('does not keep the api from closing', async () => {
    await loseItAtTheNextRoom();

    await send('patch', `/v1/rooms/${roomId}`, { lobby: true });
    await api.api.close();

    expect((await api.admission.room(application.applicationId, roomId))?.lobby).toBe(true);
    await relay.join();
  });
});
