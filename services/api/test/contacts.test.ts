import type { Scope } from '@parley/protocol';
import { contactListSchema, type Contact } from '@parley/protocol/rest';
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
  await api.database.application.update({ where: { id: mine.applicationId }, data: { contacts: true } });
  const named = (kind: 'user' | 'guest' | 'anonymous') => (id: string) => ({
    applicationId: mine.applicationId,
    id,
    kind,
    displayName: `Name of ${id}`,
  });
  await api.database.user.createMany({
    data: [
      ...['alice', 'bob', 'carol', 'dave', 'erin'].map(named('user')),
      named('guest')('a-guest'),
      named('anonymous')('a-stranger'),
    ],
  });
  await api.database.user.createMany({
    data: ['bob', 'mallory'].map((id) => ({ applicationId: theirs.applicationId, id, displayName: id })),
  });
});
afterAll(() => api.close());

const get = (path: string, key: string) => request(api.app).get(path).set('Authorization', key);

const tokenOf = async (
  userId: string,
  { key } = mine,
  scopes: readonly Scope[] = ['calls'],
): Promise<string> => {
  const path = `/v1/users/${userId}/tokens`;
  const answer = await request(api.app).post(path).set('Authorization', key).send({ scopes });

  return `Bearer ${api.keepSecret(answer.body.token)}`;
};

const read = async (
  token: string,
  query = '',
): Promise<{ items: Contact[]; nextCursor?: string | undefined }> => {
  const answer = await get(`/v1/contacts${query}`, token);

  return contactListSchema.strict().parse(answer.body);
};

describe('GET /v1/contacts', () => {
  it('lists the other users, neither oneself nor guests nor anonymous ones nor those of a neighbour', async () => {
    const { items } = await read(await tokenOf('bob'));

    expect(items).toEqual(
      ['alice', 'carol', 'dave', 'erin'].map((id) => ({
        id,
        displayName: `Name of ${id}`,
        presence: 'offline',
      })),
    );
  });

  it('goes on where the page before ended, past oneself', async () => {
    const token = await tokenOf('carol');

    const first = await read(token, '?limit=2');
    const second = await read(token, `?limit=2&cursor=${first.nextCursor}`);

    expect([first, second].map(({ items }) => items.map(({ id }) => id))).toEqual([
      ['alice', 'bob'],
      ['dave', 'erin'],
    ]);
    expect(second.nextCursor).toBeUndefined();
  });

  it("says who is connected and who is in a call, whatever a neighbour's users do", async () => {
    const { applicationId } = mine;
    const { presence, callDirectory } = api.backplane;
    const enter = (userId: string, of = mine) =>
      presence.enter({
        applicationId: of.applicationId,
        userId,
        endpointId: `${userId}-1`,
        nodeId: 'node-1',
      });
    await Promise.all([enter('bob'), enter('carol'), enter('dave', theirs)]);
    const call = { callId: 'call-1', nodeId: 'node-1' };
    await callDirectory.put({ ...call, applicationId, userIds: ['carol'] });
    await callDirectory.put({ ...call, applicationId: theirs.applicationId, userIds: ['bob'] });
    const token = await tokenOf('alice');

    const before = await read(token);
    await callDirectory.remove({ applicationId, callId: 'call-1' });
    const after = await read(token);

    const shown = ({ items }: { items: Contact[] }) => items.map(({ id, presence: is }) => `${id} ${is}`);
    expect(shown(before)).toEqual(['bob online', 'carol busy', 'dave offline', 'erin offline']);
    expect(shown(after)).toEqual(['bob online', 'carol online', 'dave offline', 'erin offline']);
  });

  it('is refused while the application has it switched off', async () => {
    const token = await tokenOf('mallory', theirs);

    const answer = await get('/v1/contacts', token);

    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect(answer.text).not.toContain('bob');
  });

  it.each(['calls.join', 'rooms.join'] as const)(
    'shows nobody to a token with the scope %s alone, which lists the own calls',
    async (scope) => {
      const token = await tokenOf('alice', mine, [scope]);

      const answer = await get('/v1/contacts', token);

      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
      expect(answer.text).not.toContain('bob');
      expect((await get('/v1/me/calls', token)).status).toBe(200);
    },
  );

  it('is for users with a token of their own', async () => {
    const withKey = await get('/v1/contacts', mine.key);
    const without = await request(api.app).get('/v1/contacts');

    expect([withKey.status, withKey.body.code]).toEqual([403, 'forbidden']);
    expect([without.status, without.body.code]).toEqual([401, 'unauthenticated']);
  });
});
