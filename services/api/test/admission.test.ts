import { createMemoryBackplane, type Admission, type Backplane, type RoomChange } from '@parley/backplane';
import { systemClock } from '@parley/kit';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishAll } from '../src/admission/publishAll.ts';
import { blocked } from './blocked.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let application: TestApplication;
let adminKey: string;

beforeEach(async () => {
  api = await startTestApi();
  application = await api.createApplication();
  adminKey = await application.keyWith(['provision', 'admin']);
});
afterEach(() => api.close());

/** Sends a request that succeeds, and answers its body. */
async function send(
  method: 'post' | 'put' | 'patch' | 'delete',
  path: string,
  body?: object,
  key = adminKey,
): Promise<Record<string, string>> {
  const answer = await request(api.app)[method](path).set('Authorization', key).send(body);
  if (answer.status >= 300) {
    throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  }

  return answer.body;
}

function createBackplane(): Backplane {
  return createMemoryBackplane((error) => {
    throw error;
  });
}

/** Publishes what the database holds, as an api does when it starts. */
async function publishTo(backplane: Backplane): Promise<void> {
  // As the service's own do it; they are bound to the backplane of their api.
  const reload = async () => backplane.admission.putSigningKeys(await api.admission.signingKeys());
  await publishAll({ database: api.database, backplane, signingKeys: { reload }, clock: systemClock });
}

/** The backplane with what is called of its admission told to `onCall` first. */
function watched(backplane: Backplane, onCall: (name: string) => Promise<void> | void): Backplane {
  const admission = new Proxy(backplane.admission, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);

      return typeof member === 'function'
        ? async (...parameters: unknown[]) => {
            await onCall(String(name));

            return Reflect.apply(member, target, parameters) as unknown;
          }
        : member;
    },
  });

  return { ...backplane, admission };
}

const dayMs = 24 * 60 * 60 * 1000;

describe('a backplane that was emptied', () => {
  it('is filled with what the operations had published one by one', async () => {
    const { applicationId } = application;
    const tokens: string[] = [];
    const obtain = async (path: string, body: object, key = adminKey) => {
      const { token = '' } = await send('post', path, body, key);
      tokens.push(api.keepSecret(token));
    };
    const issue = (userId: string) => obtain(`/v1/users/${userId}/tokens`, {});
    for (const id of ['alice', 'bob', 'carol', 'dave']) {
      await send('post', '/v1/users', { id, displayName: id.toUpperCase() });
      await issue(id);
    }
    await send('patch', '/v1/users/alice', { displayName: 'Alice', phoneNumbers: ['+4930123456'] });
    await send('patch', '/v1/users/alice', { phoneNumbers: ['+4930999999'] });
    await send('post', '/v1/users', { id: 'erin', phoneNumbers: ['+4930123456'] });
    await send('put', '/v1/anonymous-destinations', { destinations: ['alice', 'bob', '+4930123456'] });
    const { id: roomId } = await send('post', '/v1/rooms', {
      roster: { alice: 'presenter', bob: 'attendee' },
    });
    await send('patch', `/v1/rooms/${roomId}`, { lobby: true, roster: { carol: 'consumer', alice: null } });
    const { id: openId } = await send('post', '/v1/rooms', { access: 'open', attendeesMayShare: false });
    const { id: goneId } = await send('post', '/v1/rooms', {});
    await send('delete', `/v1/rooms/${goneId}`);
    const { id: linkId, url = '' } = await send('post', `/v1/rooms/${openId}/guest-links`, {});
    const code = api.keepSecret(new URL(url).hash.slice(1));
    await obtain('/v1/guest-sessions', { code, displayName: 'Guest' });
    await send('delete', `/v1/rooms/${openId}/guest-links/${linkId}`);
    await send('delete', '/v1/users/bob');
    await send('delete', '/v1/users/carol/tokens');
    await issue('carol');
    await send(
      'patch',
      `/v1/applications/${applicationId}`,
      { limits: { callsPerDevice: 3 } },
      api.operatorKey,
    );
    await send('patch', `/v1/applications/${applicationId}`, { allowedOrigins: ['https://new.example'] });
    const other = await api.createApplication();
    await send('post', '/v1/users', { id: 'zoe' }, other.key);
    await obtain('/v1/users/zoe/tokens', {}, other.key);
    await send('delete', `/v1/applications/${other.applicationId}`, undefined, api.operatorKey);
    await send('post', '/v1/signing-keys', {}, api.operatorKey);
    const claims = await Promise.all(tokens.map((text) => api.verify(text)));

    const snapshot = async (admission: Admission) => ({
      applications: await Promise.all(
        [applicationId, other.applicationId].map((id) => admission.application(id)),
      ),
      users: await Promise.all(
        ['alice', 'bob', 'carol', 'dave', 'erin', claims[4]?.identity.userId ?? ''].map((id) =>
          admission.user(applicationId, id),
        ),
      ),
      zoe: await admission.user(other.applicationId, 'zoe'),
      numbers: await Promise.all(
        ['+4930123456', '+4930999999'].map((number) => admission.userOfNumber(applicationId, number)),
      ),
      rooms: await Promise.all(
        [roomId, openId, goneId].map((id) => admission.room(applicationId, String(id))),
      ),
      isRevoked: claims.map(({ identity: { userId }, ...token }) =>
        admission.isRevoked({ ...token, userId }),
      ),
      keys: await admission.signingKeys(),
    });
    const written = await snapshot(api.admission);
    const fresh = createBackplane();
    await publishTo(fresh);

    expect(await snapshot(fresh.admission)).toEqual(written);
    // Alice, Bob who was deleted, Carol before and after, and so on: not all of one kind.
    expect(written.isRevoked).toEqual([false, true, true, false, true, false, true]);
    expect(written.users.map((user) => user?.displayName)).toEqual([
      'Alice',
      undefined,
      'CAROL',
      'DAVE',
      'erin',
      undefined,
    ]);
    expect(written.keys).toHaveLength(2);
  });

  it('is told the revocations last, for they open the door', async () => {
    await send('post', '/v1/users', { id: 'alice' });
    await send('post', '/v1/rooms', {});
    const calls: string[] = [];

    await publishTo(watched(createBackplane(), (name) => void calls.push(name)));

    expect(calls.filter((name) => name.startsWith('put'))).toEqual([
      'putApplication',
      'putUser',
      'putRoom',
      'putSigningKeys',
      'putAllRevocations',
    ]);
    expect(calls.at(-1)).toBe('putAllRevocations');
  });

  it('is told of every user and room, however many there are', async () => {
    const { applicationId } = application;
    const ids = Array.from({ length: 2_001 }, (_, n) => `many-${n}`);
    await api.database.user.createMany({
      data: ids.map((id) => ({ applicationId, id, displayName: id })),
    });
    await api.database.room.createMany({
      data: ids.map((id) => ({
        applicationId,
        id,
        access: 'open' as const,
        validFrom: new Date(),
        validUntil: new Date(Date.now() + dayMs),
        maxParticipants: 3,
      })),
    });
    const { admission, ...rest } = createBackplane();

    await publishTo({ admission, ...rest });

    const users = await Promise.all(ids.map((id) => admission.user(applicationId, id)));
    const rooms = await Promise.all(ids.map((id) => admission.room(applicationId, id)));
    expect(users.map((user) => user?.userId)).toEqual(ids);
    expect(rooms.map((room) => room?.roomId)).toEqual(ids);
  });

  it('is spared what no longer matters: rooms that ended long ago and revocations of tokens that expired', async () => {
    const { applicationId } = application;
    const ended = (id: string, days: number) => ({
      applicationId,
      id,
      access: 'open' as const,
      validFrom: new Date(0),
      validUntil: new Date(Date.now() - days * dayMs),
      maxParticipants: 3,
    });
    await api.database.room.createMany({ data: [ended('lately', 29), ended('long ago', 31)] });
    const before = (subjectId: string, days: number) => ({
      applicationId,
      subject: 'user' as const,
      subjectId,
      revokedBefore: new Date(Date.now() - days * dayMs),
    });
    await api.database.revocation.createMany({ data: [before('lately', 6), before('long-ago', 8)] });
    const { admission, ...rest } = createBackplane();
    const revoked: unknown[] = [];
    admission.onRevoked(({ subject }) => revoked.push(subject));

    await publishTo({ admission, ...rest });

    expect(await admission.room(applicationId, 'lately')).toBeDefined();
    expect(await admission.room(applicationId, 'long ago')).toBeUndefined();
    expect(revoked).toEqual([{ kind: 'user', userId: 'lately' }]);
  });

  it('forgets what the database does not know', async () => {
    const { applicationId } = application;
    await send('post', '/v1/users', { id: 'alice', phoneNumbers: ['+4930123456'] });
    await send('post', '/v1/users', { id: 'bob' });
    const { id: roomId } = await send('post', '/v1/rooms', {});
    const { id: goneId } = await send('post', '/v1/rooms', {});
    const other = await api.createApplication();
    await send('post', '/v1/users', { id: 'zoe' }, other.key);
    const { backplane, admission } = api;
    const told: RoomChange[] = [];
    admission.onRoomChanged((change) => told.push(change));
    // Behind the api's back, as when it dies before it can tell of a deletion.
    await api.database.user.deleteMany({ where: { applicationId, id: 'alice' } });
    await api.database.room.deleteMany({ where: { id: String(goneId) } });
    await api.database.application.delete({ where: { id: other.applicationId } });

    await publishTo(backplane);

    expect(await admission.user(applicationId, 'alice')).toBeUndefined();
    expect(await admission.userOfNumber(applicationId, '+4930123456')).toBeUndefined();
    expect(await admission.user(applicationId, 'bob')).toBeDefined();
    expect(await admission.room(applicationId, String(roomId))).toBeDefined();
    expect(await admission.room(applicationId, String(goneId))).toBeUndefined();
    expect(told).toContainEqual({ applicationId, roomId: goneId, room: undefined });
    expect(await admission.application(other.applicationId)).toBeUndefined();
    expect(await admission.user(other.applicationId, 'zoe')).toBeUndefined();
  });

  it('keeps what is made while it is looked for what should be gone', async () => {
    const { applicationId } = application;
    // By then the users of the database have been read.
    const slow = watched(api.backplane, async (name) => {
      if (name === 'userIds') {
        await send('post', '/v1/users', { id: 'newcomer' });
      }
    });

    await publishTo(slow);

    expect(await api.admission.user(applicationId, 'newcomer')).toBeDefined();
  });

  it('is not told afterwards what was before a change that comes meanwhile', async () => {
    const { id: roomId } = await send('post', '/v1/rooms', { name: 'Old', maxParticipants: 5 });
    const [reached, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    // The same backplane as that of the api which changes the room.
    const slow = watched(api.backplane, async (name) => {
      if (name === 'putRoom') {
        reached.resolve();
        await release.promise;
      }
    });

    const publishing = publishTo(slow);
    await reached.promise;
    const changing = send('patch', `/v1/rooms/${roomId}`, { maxParticipants: 9 });
    await blocked(api.database, 1);
    release.resolve();
    await Promise.all([publishing, changing]);

    expect(await api.admission.room(application.applicationId, String(roomId))).toMatchObject({
      maxParticipants: 9,
    });
  });
});
