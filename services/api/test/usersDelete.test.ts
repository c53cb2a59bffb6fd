import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';
import { userRequests } from './userRequests.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
});
afterAll(() => api.close());

const withKey = (key = mine.key) => userRequests(api, key);
const post = (body: object, key?: string) => withKey(key).post(body);
const remove = (id: string, key?: string) => withKey(key).remove(id);
const get = (path: string, key?: string) => withKey(key).get(path);

describe('DELETE /v1/users/{id}', () => {
  it('removes the user, rosters included, and voids the tokens for good', async () => {
    await post({ id: 'leaver' });
    const headers = { Authorization: mine.key };
    const issued = await request(api.app).post('/v1/users/leaver/tokens').set(headers).send({});
    const claims = await api.verify(issued.body.token);
    const room = await request(api.app)
      .post('/v1/rooms')
      .set(headers)
      .send({ roster: { leaver: 'presenter' } });

    const answer = await request(api.app).delete('/v1/users/leaver').set(headers);

    expect(answer.status).toBe(204);
    expect((await get('/v1/users/leaver')).status).toBe(404);
    expect(await api.admission.user(mine.applicationId, 'leaver')).toBeUndefined();
    expect((await api.admission.room(mine.applicationId, room.body.id))?.roster).toEqual({});
    // On record though the user is not, so that an api that starts tomorrow still knows.
    expect(await api.database.revocation.findFirst({ where: { subjectId: 'leaver' } })).not.toBeNull();
    const { applicationId, grantId, issuedAtMs } = claims;
    expect(api.admission.isRevoked({ applicationId, userId: 'leaver', grantId, issuedAtMs })).toBe(true);
  });

  it('keeps the call records and takes the name out of them', async () => {
    const { applicationId } = mine;
    await post({ id: 'talker', displayName: 'Talker' });
    const part = {
      id: 'part',
      userId: 'talker',
      displayName: 'Talker',
      kind: 'user',
      role: 'presenter',
    } as const;
    const other = { ...part, id: 'other', userId: 'listener', displayName: 'Listener' };
    await api.database.callRecord.create({
      data: {
        applicationId,
        id: 'call-1',
        kind: 'direct',
        nodeId: 'node',
        startedAt: new Date(),
        participants: { create: [part, other].map((one) => ({ ...one, joinedAt: new Date() })) },
      },
    });

    await remove('talker');

    const records = await api.database.participantRecord.findMany({
      where: { applicationId, callId: 'call-1' },
      orderBy: { id: 'asc' },
    });
    expect(records.map(({ id, userId, displayName }) => [id, userId, displayName])).toEqual([
      ['other', 'listener', 'Listener'],
      ['part', null, null],
    ]);
  });

  it('takes the access tokens, sign-ins and kept answers along', async () => {
    const { applicationId } = mine;
    const retry = () =>
      post({ id: 'forgotten', displayName: 'Forget Me' }).set('Idempotency-Key', 'forgotten');
    await retry();
    const { body } = await request(api.app)
      .post('/v1/users/forgotten/access-tokens')
      .set('Authorization', mine.key)
      .send({});
    const accessToken = api.keepSecret(body.accessToken);
    await api.database.refreshGrant.create({
      data: {
        id: 'grant-of-forgotten',
        applicationId,
        userId: 'forgotten',
        clientId: 'pk_test',
        scope: 'calls',
        expiresAt: new Date(Date.now() + 60_000),
      },
    });

    await remove('forgotten');

    expect(await api.database.refreshGrant.count({ where: { userId: 'forgotten' } })).toBe(0);
    const exchanged = await request(api.app).post('/v1/sessions').send({ accessToken });
    expect([exchanged.status, exchanged.body.code]).toEqual([401, 'unauthenticated']);
    expect(await api.database.idempotentAnswer.count({ where: { key: 'forgotten' } })).toBe(0);
    expect((await retry()).headers['idempotency-replayed']).toBeUndefined();
  });

  it('leaves the tokens of a user made anew under the same id valid', async () => {
    await post({ id: 'phoenix' });
    await remove('phoenix');
    const { body } = await post({ id: 'phoenix', issueToken: true });

    const { applicationId, grantId, issuedAtMs } = await api.verify(api.keepSecret(body.token.token));

    expect(api.admission.isRevoked({ applicationId, userId: 'phoenix', grantId, issuedAtMs })).toBe(false);
  });

  it('and a change of a roster do not wait for each other', async () => {
    const headers = { Authorization: mine.key };
    const make = async (): Promise<string> =>
      (await request(api.app).post('/v1/rooms').set(headers).send({})).body.id;
    const rooms = [await make(), await make()];
    for (const round of [1, 2, 3]) {
      const id = `mover-${round}`;
      await post({ id });
      await Promise.all(
        rooms.map((room) =>
          request(api.app)
            .patch(`/v1/rooms/${room}`)
            .set(headers)
            .send({ roster: { [id]: 'attendee' } }),
        ),
      );

      const [deleted, ...changed] = await Promise.all([
        remove(id),
        ...rooms.map((room) =>
          request(api.app)
            .patch(`/v1/rooms/${room}`)
            .set(headers)
            .send({ roster: { [id]: 'presenter' } }),
        ),
      ]);

      expect(deleted?.status).toBe(204);
      // After the deletion there is no such user to put on a roster.
      expect(changed.every(({ status }) => [200, 400].includes(status))).toBe(true);
      const published = await Promise.all(rooms.map((room) => api.admission.room(mine.applicationId, room)));
      expect(published.map((room) => Object.keys(room?.roster ?? { gone: 1 }))).toEqual([[], []]);
    }
  });

  it('does not find a user twice', async () => {
    await post({ id: 'once' });
    const path = '/v1/users/once';

    expect((await request(api.app).delete(path).set('Authorization', mine.key)).status).toBe(204);
    expect((await request(api.app).delete(path).set('Authorization', mine.key)).status).toBe(404);
  });
});
