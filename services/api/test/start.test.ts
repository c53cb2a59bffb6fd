import { randomBytes } from 'node:crypto';
import { createMemoryBackplane } from '@parley/backplane';
import { createTestDatabase, type TestDatabase } from '@parley/test-kit';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi, ensureDemo, type Api, type Demo } from '../src/index.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.drop());

/** Of all services on the one database. */
const masterKey = randomBytes(32);

const started: Api[] = [];
afterEach(() => Promise.all(started.splice(0).map((api) => api.close())));

async function start(key: Uint8Array = masterKey) {
  const backplane = createMemoryBackplane((error) => {
    throw error;
  });
  const api = await createApi({
    config: {
      publicUrl: 'https://calls.example',
      sdkBundlePath: '/nowhere/sdk.js',
      sdkReferenceRoot: '/nowhere',
      webRoot: '/nowhere',
    },
    database: test.database,
    backplane,
    masterKey: key,
    isReady: () => true,
    logger: pino({ enabled: false }),
  });
  started.push(api);

  return { api, admission: backplane.admission };
}

describe('createApi', () => {
  it('publishes applications, users, rooms and every revocation to an empty backplane', async () => {
    const { database } = test;
    const nowMs = Date.now();
    const validUntil = new Date(nowMs + 60_000);
    await database.application.create({
      data: { id: 'a', name: 'A', publicKey: 'pk_a', allowedOrigins: ['https://a.example'] },
    });
    const many = Array.from({ length: 1_050 }, (_, n) => ({
      applicationId: 'a',
      id: `u${n}`,
      displayName: `U${n}`,
    }));
    await database.user.createMany({ data: many });
    await database.room.create({
      data: {
        applicationId: 'a',
        id: 'r',
        access: 'invite',
        validFrom: new Date(1),
        validUntil,
        maxParticipants: 3,
        roster: { create: { userId: 'u7', role: 'attendee' } },
      },
    });
    await database.revocation.create({
      data: {
        applicationId: 'a',
        subject: 'user',
        subjectId: 'deleted',
        revokedBefore: new Date(nowMs),
      },
    });

    const { admission } = await start();

    expect(await admission.application('a')).toMatchObject({ allowedOrigins: ['https://a.example'] });
    const published = await Promise.all(many.map(({ id }) => admission.user('a', id)));
    expect(published.map((user) => user?.displayName)).toEqual(many.map(({ displayName }) => displayName));
    expect(await admission.room('a', 'r')).toMatchObject({
      validUntilMs: validUntil.getTime(),
      roster: { u7: 'attendee' },
    });
    const isRevoked = (userId: string, issuedAtMs: number) =>
      admission.isRevoked({ applicationId: 'a', userId, grantId: 'g', issuedAtMs });
    expect(isRevoked('deleted', nowMs - 1)).toBe(true);
    expect(isRevoked('deleted', nowMs)).toBe(false);
    expect(isRevoked('u1', nowMs - 1)).toBe(false);
  });

  it('makes one signing key for good, though two services start together on a new database', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const three = await start();
    const [keys, ...others] = await Promise.all(
      [one, two, three].map(({ admission }) => admission.signingKeys()),
    );

    expect(keys).toHaveLength(1);
    expect(others).toEqual([keys, keys]);
  });

  it('refuses another master key than the one its secrets were sealed with, and names the setting', async () => {
    await start();

    await expect(start(randomBytes(32))).rejects.toThrow(/PARLEY_MASTER_KEY/);
  });
});

describe('ensureDemo', () => {
  const { admission } = createMemoryBackplane((error) => {
    throw error;
  });
  const ensure = (previous: unknown, publicUrl = 'http://localhost:8080') =>
    ensureDemo({ database: test.database, admission, publicUrl, previous });
  const codeOf = (demo: Demo): string => new URL(demo.room.guestLink).hash;

  it('makes an application for localhost with a key, alice and bob, an open room and a guest link', async () => {
    const demo = await ensure(undefined);

    expect(demo.url).toBe('http://localhost:8080');
    expect(demo.publicKey).toMatch(/^pk_/);
    expect(demo.privateKey).toMatch(/^key_/);
    expect(demo.secret).toMatch(/^sk_/);
    expect(demo.users.map(({ id }) => id)).toEqual(['alice', 'bob']);
    expect(demo.room.guestLink).toMatch(/^http:\/\/localhost:8080\/join#\S+$/);
    const { applicationId } = demo;
    const application = await admission.application(applicationId);
    expect(application?.allowedOrigins).toContain('http://localhost:*');
    expect(application?.anonymousDestinations).toEqual(['bob']);
    expect(await admission.room(applicationId, demo.room.id)).toMatchObject({ access: 'open' });
    expect(await admission.user(applicationId, 'alice')).toMatchObject({ displayName: 'Alice' });
    const key = await test.database.apiKey.findUnique({ where: { privateKey: demo.privateKey } });
    expect(key?.rights).toEqual(['anonymous', 'provision']);
    const link = await test.database.guestLink.findFirst();
    expect([link?.role, link?.maxUses]).toEqual(['collaborator', null]);
  });

  it('changes nothing at the next start', async () => {
    const first = await ensure(undefined);

    expect(await ensure(first)).toEqual(first);
    expect([await test.database.apiKey.count(), await test.database.guestLink.count()]).toEqual([1, 1]);
  });

  it('follows the public URL with the same link', async () => {
    const first = await ensure(undefined);

    const moved = await ensure(first, 'https://calls.example/');

    expect(moved.url).toBe('https://calls.example');
    expect(moved.room.guestLink).toBe(`https://calls.example/join${codeOf(first)}`);
    expect(moved.secret).toBe(first.secret);
  });

  it.each([undefined, null, { secret: 'sk_x' }])(
    'replaces every secret when the last start left %j',
    async (lost) => {
      const first = await ensure(undefined);

      const second = await ensure(lost);

      expect(second.publicKey).toBe(first.publicKey);
      expect(second.secret).not.toBe(first.secret);
      expect(second.users[0]?.password).not.toBe(first.users[0]?.password);
      expect(codeOf(second)).not.toBe(codeOf(first));
      const keys = await test.database.apiKey.findMany();
      expect(keys.map(({ privateKey }) => privateKey)).toEqual([second.privateKey]);
    },
  );

  it('makes all of it anew in a new database, whatever the last start left', async () => {
    const elsewhere = await ensure(undefined);
    await test.drop();
    test = await createTestDatabase();

    const here = await ensure(elsewhere);

    expect(here.secret).not.toBe(elsewhere.secret);
    expect(here.users[1]?.password).not.toBe(elsewhere.users[1]?.password);
    expect(codeOf(here)).not.toBe(codeOf(elsewhere));
    expect(await ensure(here)).toEqual(here);
  });

  it('keeps what is still true when only a part is not', async () => {
    const first = await ensure(undefined);
    await test.database.user.deleteMany({ where: { id: 'bob' } });

    const second = await ensure(first);

    expect(second.users[0]).toEqual(first.users[0]);
    expect(second.users[1]?.password).not.toBe(first.users[1]?.password);
    expect([second.secret, codeOf(second)]).toEqual([first.secret, codeOf(first)]);
  });

  it('prolongs the room and its link before they end', async () => {
    const first = await ensure(undefined);
    const soon = new Date(Date.now() + 60_000);
    await test.database.room.updateMany({ data: { validUntil: soon } });
    await test.database.guestLink.updateMany({ data: { expiresAt: soon } });

    const second = await ensure(first);

    const { validUntilMs = 0 } = (await admission.room(second.applicationId, second.room.id)) ?? {};
    expect(validUntilMs).toBeGreaterThan(Date.now() + 100 * 24 * 3_600_000);
    expect(codeOf(second)).not.toBe(codeOf(first));
  });

  it('leaves keys alone that somebody else gave the demo application', async () => {
    const { applicationId } = await ensure(undefined);
    await test.database.apiKey.create({
      data: {
        privateKey: 'key_other',
        applicationId,
        name: 'mine',
        secretHash: new Uint8Array(32),
        rights: [],
      },
    });

    await ensure(undefined);

    expect(await test.database.apiKey.count({ where: { privateKey: 'key_other' } })).toBe(1);
  });
});
