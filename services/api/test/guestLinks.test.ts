import { guestLinkListSchema, guestLinkWithUrlSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blocked } from './blocked.ts';
import { publicUrl, startTestApi, type TestApi, type TestApplication } from './testApi.ts';

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

const post = (path: string, body: object) =>
  request(api.app).post(path).set('Authorization', mine.key).send(body);
const get = (path: string) => request(api.app).get(path).set('Authorization', mine.key);
const remove = (path: string) => request(api.app).delete(path).set('Authorization', mine.key);
const visit = async (code: string) => {
  const answer = await request(api.app).post('/v1/guest-sessions').send({ code, displayName: 'Visitor' });
  api.keepSecret(answer.body.token ?? 'none issued');

  return answer;
};
const dayMs = 24 * 60 * 60 * 1000;

async function makeRoom(room: object = {}): Promise<{ path: string; validUntil: string }> {
  const { body } = await post('/v1/rooms', room);

  return { path: `/v1/rooms/${body.id}/guest-links`, validUntil: body.validUntil };
}

async function makeLink(path: string, link: object = {}): Promise<{ id: string; code: string }> {
  const { body } = await post(path, link);

  return { id: body.id, code: api.keepSecret(new URL(body.url).hash.slice(1)) };
}

/** Locks a link's row until it is released. */
async function hold(id: string): Promise<{ release: () => Promise<void> }> {
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = api.database.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT "id" FROM "GuestLink" WHERE "id" = ${id} FOR UPDATE`;
    locked.resolve();
    await release.promise;
  });
  await Promise.race([locked.promise, holding]);

  return {
    release: () => {
      release.resolve();

      return holding;
    },
  };
}

describe('POST /v1/rooms/{roomId}/guest-links', () => {
  it('gives a link below the public URL with its code in the fragment, stored as a hash only', async () => {
    const { path, validUntil } = await makeRoom();

    const answer = await post(path, { role: 'presenter', maxUses: 3 });

    expect(answer.status).toBe(201);
    const link = guestLinkWithUrlSchema.strict().parse(answer.body);
    const { origin, pathname, hash } = new URL(link.url);
    expect([origin, pathname]).toEqual([publicUrl, '/join']);
    expect(link).toMatchObject({ role: 'presenter', maxUses: 3, uses: 0, expiresAt: validUntil });
    const code = api.keepSecret(hash.slice(1));
    const row = await api.database.guestLink.findUniqueOrThrow({ where: { id: link.id } });
    expect(row.secretHash).toHaveLength(32);
    expect(JSON.stringify({ ...row, secretHash: '' })).not.toContain(code.slice(link.id.length));
  });

  it('ends it when asked, but never after its room', async () => {
    const validUntil = new Date(Date.now() + dayMs).toISOString();
    const { path } = await makeRoom({ validUntil });
    const expiry = async (body: object): Promise<number> =>
      Date.parse((await post(path, body)).body.expiresAt);

    expect(await expiry({ expiresInSeconds: 7 * 86_400 })).toBe(Date.parse(validUntil));
    expect(await expiry({ expiresInSeconds: 60 })).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('refuses one to a room that has ended', async () => {
    const { path } = await makeRoom({ validUntil: new Date(Date.now() + 60_000).toISOString() });
    aheadMs = 2 * 60_000;

    const answer = await post(path, {});

    expect([answer.status, answer.body.code]).toEqual([403, 'outside_room_window']);
  });

  it('makes a hundred that let somebody in, and not one more, also when they are asked for at once', async () => {
    const { path } = await makeRoom();
    const [used, expiring] = [
      await makeLink(path, { maxUses: 1 }),
      await makeLink(path, { expiresInSeconds: 60 }),
    ];
    expect((await visit(used.code)).status).toBe(201);
    const row = await api.database.guestLink.findUniqueOrThrow({ where: { id: expiring.id } });
    await api.database.guestLink.createMany({
      data: Array.from({ length: 97 }, (_, n) => ({
        ...row,
        id: `many-${n}`,
        expiresAt: new Date(Date.now() + dayMs),
      })),
    });

    // 98 are live, the one that expires among them.
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(path, {})));

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('conflict');
    aheadMs = 61_000;
    expect((await post(path, {})).status).toBe(201);
    expect((await post(path, {})).status).toBe(409);
  });

  it.each([{ role: 'king' }, { maxUses: 0 }, { expiresInSeconds: 1 }, { code: 'x' }])(
    'refuses %j',
    async (body) => {
      const { path } = await makeRoom();

      const answer = await post(path, body);

      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    },
  );
});

describe('GET /v1/rooms/{roomId}/guest-links', () => {
  it('shows each with how often it was used, and never its code', async () => {
    const { path } = await makeRoom();
    const [one, two] = [await makeLink(path, { maxUses: 5 }), await makeLink(path)];
    await visit(one.code);
    await visit(one.code);

    const answer = await get(path);

    const { items } = guestLinkListSchema.strict().parse(answer.body);
    expect(Object.fromEntries(items.map(({ id, uses }) => [id, uses]))).toEqual({ [one.id]: 2, [two.id]: 0 });
    expect(answer.text).not.toContain(one.code.slice(one.id.length));
  });

  it("shows a room's own links only, page by page", async () => {
    const [room, other] = [await makeRoom(), await makeRoom()];
    const [one, two] = [await makeLink(room.path), await makeLink(room.path)];
    await makeLink(other.path);

    const first = guestLinkListSchema.parse((await get(`${room.path}?limit=1`)).body);
    const second = guestLinkListSchema.parse(
      (await get(`${room.path}?limit=1&cursor=${first.nextCursor}`)).body,
    );

    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([one.id, two.id].toSorted());
    expect(second.nextCursor).toBeUndefined();
  });
});

describe('DELETE /v1/rooms/{roomId}/guest-links/{guestLinkId}', () => {
  it('lets nobody in any more, and voids the tokens of those who came by it, but of no others', async () => {
    const { path } = await makeRoom();
    const [gone, kept] = [await makeLink(path), await makeLink(path)];
    const [guest, other] = [
      await api.verify((await visit(gone.code)).body.token),
      await api.verify((await visit(kept.code)).body.token),
    ];
    const isRevoked = ({ identity: { userId }, ...claims }: typeof guest) =>
      api.admission.isRevoked({ ...claims, userId });
    expect([isRevoked(guest), isRevoked(other)]).toEqual([false, false]);

    const answer = await remove(`${path}/${gone.id}`);

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect([isRevoked(guest), isRevoked(other)]).toEqual([true, false]);
    const late = await visit(gone.code);
    expect([late.status, late.body.detail]).toEqual([404, 'This link is not valid.']);
    expect((await remove(`${path}/${gone.id}`)).status).toBe(404);
  });

  /** Answers of a visit and of a revocation that both wait for the link's row, and go on in the order they came. */
  const race = async (steps: readonly (() => PromiseLike<request.Response>)[], linkId: string) => {
    const held = await hold(linkId);
    const waiting: Promise<request.Response>[] = [];
    for (const step of steps) {
      waiting.push(Promise.resolve(step()));
      await blocked(api.database, waiting.length);
    }
    await held.release();

    return Promise.all(waiting);
  };

  it('voids the token of a guest who came a moment before', async () => {
    const { path } = await makeRoom();
    const { id, code } = await makeLink(path);

    const [visited, revoked] = await race([() => visit(code), () => remove(`${path}/${id}`)], id);

    expect([visited?.status, revoked?.status]).toEqual([201, 204]);
    const { identity, ...claims } = await api.verify(visited?.body.token);
    expect(api.admission.isRevoked({ ...claims, userId: identity.userId })).toBe(true);
  });

  it('gives no token to a guest who came a moment after', async () => {
    const { path } = await makeRoom();
    const { id, code } = await makeLink(path);

    const [revoked, visited] = await race([() => remove(`${path}/${id}`), () => visit(code)], id);

    expect([revoked?.status, visited?.status]).toEqual([204, 404]);
  });

  it("does not find a link by another room's path", async () => {
    const [room, other] = [await makeRoom(), await makeRoom()];
    const link = await makeLink(room.path);

    const answer = await remove(`${other.path}/${link.id}`);

    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    expect((await visit(link.code)).status).toBe(201);
  });
});
