import { randomBytes } from 'node:crypto';
import { createMemoryBackplane, type PublicJwk } from '@parley/backplane';
import { createDatabase, type Database } from '@parley/db';
import type { Clock } from '@parley/kit';
import { signingKeyListSchema, signingKeySchema } from '@parley/protocol/rest';
import { createTestDatabase } from '@parley/test-kit';
import { createSessionVerifier, signSessionToken } from '@parley/tokens';
import { decodeProtectedHeader } from 'jose';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Vault } from '../src/security/Vault.ts';
import { retiredKeyLifetimeMs, SigningKeys } from '../src/signingKeys/SigningKeys.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('/v1/signing-keys', () => {
  let aheadMs = 0;
  let api: TestApi;
  let mine: TestApplication;

  beforeAll(async () => {
    api = await startTestApi({ clockAheadMs: () => aheadMs });
    mine = await api.createApplication();
    await request(api.app).post('/v1/users').set('Authorization', mine.key).send({ id: 'alice' });
  });
  afterAll(() => api.close());

  const rotate = () =>
    request(api.app).post('/v1/signing-keys').set('Authorization', api.operatorKey).send({});
  const list = () => request(api.app).get('/v1/signing-keys').set('Authorization', api.operatorKey);
  const jwksKids = async (): Promise<string[]> =>
    (await request(api.app).get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid);
  const issue = async (): Promise<string> =>
    (
      await request(api.app)
        .post('/v1/users/alice/tokens')
        .set('Authorization', mine.key)
        .send({ expiresInSeconds: 604_800 })
    ).body.token;

  it('signs with the new key at once, and both are published before the answer', async () => {
    const before = await issue();

    const answer = await rotate();

    expect(answer.status).toBe(201);
    const { kid, verifiesUntil } = signingKeySchema.strict().parse(answer.body);
    expect(verifiesUntil).toBeUndefined();
    const kids = [kid, decodeProtectedHeader(before).kid];
    expect((await api.admission.signingKeys()).map((key) => key.kid)).toEqual(kids);
    expect(await jwksKids()).toEqual(kids);
    const after = await issue();
    expect(decodeProtectedHeader(after).kid).toBe(kid);
    for (const token of [before, after]) {
      await expect(api.verify(token)).resolves.toMatchObject({ identity: { userId: 'alice' } });
    }
  });

  it('lists what verifies, and shows nothing private', async () => {
    const answer = await list();

    const { items } = signingKeyListSchema.strict().parse(answer.body);
    expect(items).toHaveLength(2);
    const [until] = items.flatMap((key) => key.verifiesUntil ?? []);
    expect(Date.parse(until ?? '')).toBeGreaterThan(Date.now() + 7 * dayMs);
    for (const item of items) {
      expect(
        Object.keys(item).filter((field) => !['kid', 'createdAt', 'verifiesUntil'].includes(field)),
      ).toEqual([]);
    }
    const rows = await api.database.signingKey.findMany();
    const stored = rows.map(({ sealedJwk }) => Buffer.from(sealedJwk).toString('latin1')).join('');
    expect(stored).not.toMatch(/"d"|Ed25519/);
    expect((await request(api.app).get('/.well-known/jwks.json')).text).not.toContain('"d"');
  });

  it('forgets the old key when the last of its tokens has expired, and not before', async () => {
    const token = await issue();
    const { kid: old } = decodeProtectedHeader(token);
    const { kid } = (await rotate()).body;
    aheadMs = 7 * dayMs - 5_000;
    expect(await jwksKids()).toContain(old);

    aheadMs = retiredKeyLifetimeMs + 60_000;

    expect(await jwksKids()).toEqual([kid]);
    expect((await list()).body.items.map((item: { kid: string }) => item.kid)).toEqual([kid]);
    await rotate().expect(201);
    expect((await api.admission.signingKeys()).map((key) => key.kid)).not.toContain(old);
    expect((await api.database.signingKey.findMany()).map((row) => row.kid)).not.toContain(old);
    aheadMs = 0;
  });

  it('is for the operator, and audited', async () => {
    const rows = await api.database.auditEntry.findMany({ where: { action: 'rotateSigningKey' } });

    expect(rows.length).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ actorKind: 'operator', applicationId: null });
    for (const key of [mine.key, await mine.keyWith(['admin'])]) {
      const refused = await request(api.app).post('/v1/signing-keys').set('Authorization', key).send({});
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    }
  });
});

describe('signing keys', () => {
  let database: Database;
  let drop: () => Promise<void>;
  let masterKey: Buffer;
  let nowMs: number;
  let scheduled: { delayMs: number; callback: () => void }[];
  let onScheduled: () => void = () => undefined;
  const opened: SigningKeys[] = [];

  const clock: Clock = {
    now: () => nowMs,
    schedule: (delayMs, callback) => {
      scheduled.push({ delayMs, callback });
      onScheduled();

      return { cancel: () => (scheduled = scheduled.filter((timer) => timer.callback !== callback)) };
    },
  };
  const backplane = createMemoryBackplane(() => undefined);

  beforeAll(async () => {
    const { url, drop: dropDatabase } = await createTestDatabase();
    database = createDatabase(url);
    drop = dropDatabase;
  });
  beforeEach(async () => {
    masterKey = randomBytes(32);
    nowMs = Date.now();
    scheduled = [];
    await database.signingKey.deleteMany();
  });
  // Those that still read after a rotation would make a key of their own in the next test's database.
  afterEach(() => Promise.all(opened.splice(0).map((keys) => keys.close())));
  afterAll(async () => {
    await database.$disconnect();
    await drop();
  });

  const open = async (
    options: Partial<Parameters<typeof SigningKeys.open>[0]> = {},
  ): Promise<SigningKeys> => {
    const keys = await SigningKeys.open({
      database,
      vault: new Vault(masterKey),
      clock,
      admission: backplane.admission,
      onError: (error) => {
        throw error;
      },
      ...options,
    });
    opened.push(keys);

    return keys;
  };
  const rotate = (keys: SigningKeys) => database.$transaction((transaction) => keys.rotate(transaction));
  const kidsOf = (keys: readonly { kid?: string }[]) => keys.map(({ kid }) => kid);

  it('are one when two services start on a new database together', async () => {
    const [one, other] = await Promise.all([open(), open()]);

    expect(one.current.kid).toBe(other.current.kid);
    expect(await database.signingKey.count()).toBe(1);
  });

  it('do not open under another master key, which one sentence says with the cure', async () => {
    await open();

    const failure = open({ vault: new Vault(randomBytes(32)) });

    await expect(failure).rejects.toThrow(
      /^The signing keys .*another master key.*PARLEY_MASTER_KEY[^.]*"SigningKey" and "IdempotentAnswer"[^.]*\.$/,
    );
    await expect(open()).resolves.toBeDefined();
  });

  it('reach another api within a minute', async () => {
    const [one, other] = [await open(), await open()];
    other.keepFresh();
    const { kid } = await rotate(one);
    expect(other.current.kid).not.toBe(kid);
    expect(scheduled.map(({ delayMs }) => delayMs)).toEqual([60_000]);
    const again = new Promise<void>((resolve) => (onScheduled = resolve));
    scheduled.pop()?.callback();
    await again;

    expect(other.current.kid).toBe(kid);
  });

  it('reach another api with the first token of the new key', async () => {
    const [one, other] = [await open(), await open()];
    await rotate(one);
    const verify = createSessionVerifier({
      issuer: 'https://calls.example',
      publicKeys: (kid) => other.publicJwksFor(kid),
    });
    const { token } = await signSessionToken(
      {
        applicationId: 'app',
        identity: { userId: 'alice', displayName: 'Alice', kind: 'user' },
        scopes: ['calls'],
        expiresInSeconds: 60,
      },
      { issuer: 'https://calls.example', key: one.current },
    );

    const [first, second] = await Promise.all([verify(token), verify(token)]);

    expect([first.identity.userId, second.identity.userId]).toEqual(['alice', 'alice']);
  });

  it('are read for unknown keys once a second at most, and not at all for known ones', async () => {
    let readings = 0;
    const keys = await open({
      admission: {
        putSigningKeys: async () => {
          readings += 1;
        },
      },
    });
    readings = 0;

    for (const kid of ['made', 'up', keys.current.kid, undefined, 'names']) {
      await keys.publicJwksFor(kid);
    }
    expect(readings).toBe(1);

    nowMs += 1_000;
    await keys.publicJwksFor('again');
    expect(readings).toBe(2);
  });

  it('stay in use while the database cannot be read', async () => {
    const errors: unknown[] = [];
    const broken = createDatabase('postgresql://nobody@127.0.0.1:1/none');
    let isBroken = false;
    const flaky = new Proxy(database, {
      get: (target, name) => Reflect.get(isBroken ? broken : target, name) as unknown,
    });
    const keys = await open({ database: flaky, onError: (error) => errors.push(error) });
    const { kid } = keys.current;
    isBroken = true;

    const jwks = await keys.publicJwksFor('unknown');

    expect(errors).toHaveLength(1);
    expect([keys.current.kid, ...kidsOf(jwks)]).toEqual([kid, kid]);
    await broken.$disconnect();
  });

  it('go on with the old key when a rotation fails after all', async () => {
    const keys = await open();
    const { kid } = keys.current;

    const rotation = database.$transaction(async (transaction) => {
      await keys.rotate(transaction);
      const signing = keys.current.kid;
      throw new Error(`the audit row could not be written, ${signing} signs`);
    });
    // Also as long as nobody knows: what the new key signed would never be valid.
    await expect(rotation).rejects.toThrow(`audit row could not be written, ${kid} signs`);
    await keys.reload();

    expect([keys.current.kid, ...kidsOf(await backplane.admission.signingKeys())]).toEqual([kid, kid]);
  });

  it('are rotated by age, once, whoever asks', async () => {
    const [one, other] = [await open(), await open()];
    const { kid } = one.current;
    const byAge = (keys: SigningKeys) =>
      database.$transaction((transaction) => keys.rotateIfOlderThan(transaction, 30 * dayMs));
    expect(await byAge(one)).toBeUndefined();
    nowMs += 30 * dayMs;

    const rows = await Promise.all([byAge(one), byAge(other)]);

    const made = rows.flatMap((row) => row?.kid ?? []);
    expect(made).toHaveLength(1);
    await Promise.all([one.reload(), other.reload()]);
    expect([one.current.kid, other.current.kid]).toEqual([made[0], made[0]]);
    expect(kidsOf(one.publicJwks)).toEqual([made[0], kid]);
  });

  it('are never published in part: the newest list wins', async () => {
    const lists: PublicJwk[][] = [];
    const admission = {
      putSigningKeys: async (keys: readonly PublicJwk[]) => {
        lists.push([...keys]);
      },
    };
    const [one, other] = [await open({ admission }), await open({ admission })];

    await Promise.all([rotate(one), other.reload(), other.reload(), rotate(other)]);
    await Promise.all([one.reload(), other.reload()]);

    const sizes = lists.map(({ length }) => length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes.at(-1)).toBe(3);
  });
});
