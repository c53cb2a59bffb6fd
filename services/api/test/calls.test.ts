import { callListSchema, callSchema, type Call } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CallStory } from './callStory.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  theirs = await api.createApplication();
  await api.database.user.createMany({
    data: ['alice', 'bob', 'carol'].map((id) => ({
      applicationId: mine.applicationId,
      id,
      displayName: id,
    })),
  });
});
afterAll(() => api.close());

const ask = (method: 'get' | 'post' | 'delete', path: string, key = mine.key) =>
  request(api.app)[method](path).set('Authorization', key);
const get = (path: string, key = mine.key) => ask('get', path, key);

const tell = (callId: string, startedAt: string, { applicationId } = mine) =>
  new CallStory({ applicationId, callId, startedAt });

/** Does what a node does while a call goes on or ends, and waits until the api has recorded it. */
const publish = async (story: CallStory, isRecorded: (call: Partial<Call>) => boolean) => {
  const { applicationId, callId, events } = story;
  const { callDirectory, callEvents } = api.backplane;
  events.forEach((event) => callEvents.publish(event));
  await (events.at(-1)?.name === 'callEnded'
    ? callDirectory.remove({ applicationId, callId })
    : callDirectory.put({ applicationId, callId, nodeId: 'node-0', userIds: [] }));
  const { key } = applicationId === mine.applicationId ? mine : theirs;
  await vi.waitFor(async () => expect(isRecorded((await get(`/v1/calls/${callId}`, key)).body)).toBe(true));
};
const isThere = ({ id }: Partial<Call>) => id !== undefined;
const hasEnded = ({ state }: Partial<Call>) => state === 'ended';

const tokenOf = async (userId: string): Promise<string> => {
  const path = `/v1/users/${userId}/tokens`;
  const answer = await ask('post', path).send({});

  return `Bearer ${api.keepSecret(answer.body.token)}`;
};

/** Every page of a list, by its cursors. */
const readAll = async (path: string, key = mine.key): Promise<string[][]> => {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const url = cursor === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;
    const page = callListSchema.parse((await get(url, key)).body);
    pages.push(page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);

  return pages;
};

describe('GET /v1/calls/{id}', () => {
  it('shows a call while it lives and after it has ended', async () => {
    const story = tell('shown', '2026-01-01T10:00:00.000Z').start('room', 'standup');
    await publish(story.join(0, 'alice').connect(1).enter(1, 'alice'), isThere);

    const live = await get('/v1/calls/shown');
    await publish(tell('shown', '2026-01-01T10:00:00.000Z').end(60, 'ended_for_everyone'), hasEnded);
    const ended = await get('/v1/calls/shown');

    const alice = {
      id: 'alice',
      userId: 'alice',
      displayName: 'Name of alice',
      kind: 'user',
      role: 'presenter',
      joinedAt: '2026-01-01T10:00:00.000Z',
      connectedAt: '2026-01-01T10:00:01.000Z',
    };
    const shown = {
      id: 'shown',
      kind: 'room',
      roomId: 'standup',
      startedAt: '2026-01-01T10:00:00.000Z',
      connectedAt: '2026-01-01T10:00:01.000Z',
    };
    expect(callSchema.strict().parse(live.body)).toEqual({ ...shown, state: 'live', participants: [alice] });
    const end = { endReason: 'ended_for_everyone' };
    expect(ended.body).toEqual({
      ...shown,
      ...end,
      state: 'ended',
      endedAt: '2026-01-01T10:01:00.000Z',
      participants: [{ ...alice, ...end, leftAt: '2026-01-01T10:01:00.000Z' }],
    });
  });

  it('has no name of a user who was deleted, whatever is told afterwards', async () => {
    const story = tell('of-a-leaver', '2026-01-02T10:00:00.000Z').start().join(0, 'leaver').join(0, 'alice');
    story.survey(1, 'leaver', { rating: 2, comment: 'Nobody heard Leaver.' });
    await api.database.user.create({
      data: { applicationId: mine.applicationId, id: 'leaver', displayName: 'Leaver' },
    });
    await publish(story, isThere);
    expect((await get('/v1/calls/of-a-leaver')).text).toContain('Name of leaver');
    expect((await get('/v1/calls/of-a-leaver')).text).toContain('Nobody heard Leaver.');

    expect((await ask('delete', '/v1/users/leaver')).status).toBe(204);
    await publish(story.leave(5, 'leaver', 'unauthenticated').end(6, 'hangup'), hasEnded);

    const { participants } = callSchema.parse((await get('/v1/calls/of-a-leaver')).body);
    const leaver = participants.find(({ endReason }) => endReason === 'unauthenticated');
    expect(leaver).toMatchObject({ leftAt: '2026-01-02T10:00:05.000Z' });
    expect(leaver).not.toHaveProperty('userId');
    expect(leaver).not.toHaveProperty('displayName');
    expect(leaver?.survey).toEqual({ rating: 2, issues: [] });
    expect(participants).toHaveLength(2);
  });

  it('calls an end that it does not know a failure', async () => {
    const { applicationId } = mine;
    await api.database.callRecord.create({
      data: {
        applicationId,
        id: 'newer',
        kind: 'direct',
        nodeId: 'n',
        endReason: 'swallowed',
        startedAt: '2025-01-01T00:00:00Z',
        endedAt: '2025-01-01T00:00:00Z',
      },
    });

    expect((await get('/v1/calls/newer')).body.endReason).toBe('failed');
  });
});

describe('GET /v1/calls', () => {
  /** Seven calls, two of them in one millisecond; the first three have ended. */
  const starts = {
    first: '2026-02-01T10:00:00.000Z',
    second: '2026-02-02T10:00:00.000Z',
    third: '2026-02-03T10:00:00.000Z',
    fourth: '2026-02-04T10:00:00.000Z',
    'twin-a': '2026-02-05T10:00:00.000Z',
    'twin-b': '2026-02-05T10:00:00.000Z',
    last: '2026-02-06T10:00:00.000Z',
  };
  const newestFirst = Object.keys(starts).toReversed();
  const within = 'from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z';

  beforeAll(async () => {
    for (const [id, startedAt] of Object.entries(starts)) {
      await publish(
        tell(id, startedAt)
          .start()
          .join(0, id === 'last' ? 'alice' : 'bob'),
        isThere,
      );
    }
    await publish(
      tell('second', starts.second).join(5, 'alice'),
      ({ participants }) => participants?.length === 2,
    );
    for (const id of ['first', 'second', 'third'] as const) {
      await publish(tell(id, starts[id]).end(9, 'hangup'), hasEnded);
    }
    await publish(tell('neighbouring', starts.third, theirs).start().join(0, 'alice'), isThere);
  });

  it('lists the newest first, in pages that miss none and repeat none', async () => {
    const pages = await readAll(`/v1/calls?${within}&limit=3`);

    expect(pages).toEqual([newestFirst.slice(0, 3), newestFirst.slice(3, 6), newestFirst.slice(6)]);
  });

  it.each([
    ['live calls', 'state=live', ['last', 'twin-b', 'twin-a', 'fourth']],
    ['ended calls', 'state=ended', ['third', 'second', 'first']],
    ['the calls of a user', 'userId=alice', ['last', 'second']],
    ['the ended calls of a user', 'userId=alice&state=ended', ['second']],
  ])('lists %s', async (_case, query, ids) => {
    expect(await readAll(`/v1/calls?${within}&${query}`)).toEqual([ids]);
    expect((await readAll(`/v1/calls?${within}&${query}&limit=1`)).flat()).toEqual(ids);
  });

  it('bounds the start: from one moment on, before another', async () => {
    const period = `from=${starts.second}&to=${encodeURIComponent('2026-02-04T12:00:00.000+02:00')}`;

    expect(await readAll(`/v1/calls?${period}`)).toEqual([['third', 'second']]);
  });

  it.each([
    ['limit=0', '/limit'],
    ['state=dead', '/state'],
    ['from=yesterday', '/from'],
    ['userId=a%20b', '/userId'],
    ['cursor=AAAA', '/cursor'],
    [`cursor=${Buffer.from('call-1').toString('base64url')}`, '/cursor'],
    ['page=2', '/page'],
  ])('refuses the query %s', async (query, pointer) => {
    const answer = await get(`/v1/calls?${query}`);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  it.each([
    ['0000-01-01T00:00:00Z', 400],
    ['1970-01-01T00:00:00+00:01', 400],
    ['1970-01-01T00:00:00Z', 200],
    ['8999-12-31T23:59:59.999Z', 200],
    ['9000-01-01T00:00:00Z', 400],
  ])('answers a period that begins at %s with %d', async (moment, status) => {
    expect((await get(`/v1/calls?from=${encodeURIComponent(moment)}`)).status).toBe(status);
  });

  it('takes a cursor of any moment', async () => {
    const cursor = Buffer.from('99999999999999:x').toString('base64url');

    expect((await get(`/v1/calls?limit=1&cursor=${cursor}`)).status).toBe(200);
  });
});

describe('GET /v1/me/calls', () => {
  it("lists a user's own calls, newest first", async () => {
    await publish(
      tell('carols', '2026-03-02T10:00:00.000Z').start().join(0, 'carol').join(1, 'bob'),
      isThere,
    );
    await publish(tell('carols-too', '2026-03-03T10:00:00.000Z').start().join(0, 'carol'), isThere);
    const carol = await tokenOf('carol');

    expect(await readAll('/v1/me/calls?limit=1', carol)).toEqual([['carols-too'], ['carols']]);
    expect(await readAll('/v1/me/calls?to=2026-03-03T00:00:00Z', carol)).toEqual([['carols']]);
  });

  it("shows a user's own survey and nobody else's, which a backend sees all of", async () => {
    const story = tell('judged', '2026-01-03T10:00:00.000Z').start().join(0, 'alice').join(0, 'bob');
    story
      .survey(5, 'alice', { rating: 5 })
      .survey(5, 'bob', { rating: 1, issues: ['echo'], comment: 'Alice!' });
    await publish(story.end(9, 'hangup'), hasEnded);
    const surveysIn = (call: Call | undefined) =>
      call?.participants.flatMap(({ survey }) => survey?.rating ?? []).toSorted();

    const own = callListSchema.parse((await get('/v1/me/calls', await tokenOf('alice'))).body);
    const whole = callSchema.parse((await get('/v1/calls/judged')).body);

    expect(surveysIn(own.items.find(({ id }) => id === 'judged'))).toEqual([5]);
    expect(surveysIn(whole)).toEqual([1, 5]);
    await api.database.callRecord.deleteMany({ where: { id: 'judged' } });
  });

  it('is for users, whose calls nobody else may ask for', async () => {
    const carol = await tokenOf('carol');

    const answers = [
      await get('/v1/me/calls'),
      await get('/v1/calls', carol),
      await get('/v1/calls/carols', carol),
      await get('/v1/me/calls?userId=bob', carol),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 400]);
  });
});

describe("a neighbour's key", () => {
  it('sees no call of this application', async () => {
    const answer = await get('/v1/calls/shown', theirs.key);

    expect([answer.status, answer.body.code]).toEqual([404, 'call_not_found']);
    expect(await readAll('/v1/calls?limit=100', theirs.key)).toEqual([['neighbouring']]);
    expect(await readAll('/v1/calls?userId=bob', theirs.key)).toEqual([[]]);
  });
});

describe('an api that closes', () => {
  it('has recorded what was published before', async () => {
    const own = await startTestApi();
    const { applicationId } = await own.createApplication();
    const story = new CallStory({ applicationId, callId: 'parting', startedAt: '2026-03-01T10:00:00.000Z' });
    story.start().end(1, 'server_ended');
    story.events.forEach((event) => own.backplane.callEvents.publish(event));

    await own.api.close();

    expect(await own.database.callRecord.findMany()).toMatchObject([{ endReason: 'server_ended' }]);
    await own.close();
  });
});
