import { callStatsSchema, type CallStats } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCallEvents } from '../src/calls/writeCallEvents.ts';
import { CallStory } from './callStory.ts';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const now = '2026-05-03T12:00:00.000Z';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi({ clockAheadMs: () => Date.parse(now) - Date.now() });
  mine = await api.createApplication();
  theirs = await api.createApplication();
  await write(
    // Alice and Bob talk for ten minutes; Carol does not answer.
    tell('talk', '2026-05-01T23:59:00Z')
      .start()
      .join(0, 'alice')
      .enter(0, 'alice')
      .join(1, 'bob')
      .join(1, 'carol')
      .connect(60)
      .enter(60, 'bob')
      .leave(61, 'carol', 'no_answer')
      .leave(660, 'bob', 'hangup')
      .end(660, 'hangup'),
    tell('unanswered', '2026-05-01T00:00:00Z')
      .start('direct')
      .join(0, 'alice')
      .enter(0, 'alice')
      .end(30, 'no_answer'),
    tell('declined', '2026-05-01T01:00:00Z').start('direct').join(0, 'alice').end(30, 'declined'),
    tell('declined too', '2026-05-01T02:00:00Z').start('direct').join(0, 'alice').end(30, 'declined'),
    // Goes on for an hour by now.
    tell('live', '2026-05-03T11:00:00Z').start('room', 'room').join(0, 'alice').connect(0).enter(0, 'alice'),
    tell('next day', '2026-05-04T00:00:00Z').start(),
    tell('neighbouring', '2026-05-01T03:00:00Z', theirs).start(),
  );
});
afterAll(() => api.close());

const tell = (callId: string, startedAt: string, { applicationId } = mine) =>
  new CallStory({ applicationId, callId, startedAt });
const write = (...stories: CallStory[]) =>
  api.database.$transaction((transaction) =>
    writeCallEvents(
      transaction,
      stories.flatMap(({ events }) => events),
    ),
  );
const get = (query: Record<string, string>, key = mine.key) =>
  request(api.app).get('/v1/call-stats').query(query).set('Authorization', key);
const read = async (query: Record<string, string>, key?: string): Promise<CallStats['items']> =>
  callStatsSchema.strict().parse((await get(query, key)).body).items;

const none = { calls: 0, connectedCalls: 0, participants: 0, participantMinutes: 0, endReasons: {} };
const twoDays = { from: '2026-05-01T00:00:00Z', to: '2026-05-04T00:00:00Z' };

describe('GET /v1/call-stats', () => {
  it('counts the calls that started on each day, days without one included', async () => {
    expect(await read(twoDays)).toEqual([
      {
        start: '2026-05-01T00:00:00.000Z',
        calls: 4,
        connectedCalls: 1,
        participants: 3,
        // Eleven of Alice and ten of Bob, and half a one of her who was not answered.
        participantMinutes: 21.5,
        endReasons: { hangup: 1, no_answer: 1, declined: 2 },
      },
      { start: '2026-05-02T00:00:00.000Z', ...none },
      {
        start: '2026-05-03T00:00:00.000Z',
        calls: 1,
        connectedCalls: 1,
        participants: 1,
        participantMinutes: 60,
        endReasons: {},
      },
    ]);
  });

  it.each([
    ['hour', { from: '2026-05-01T22:30:00Z', to: '2026-05-02T00:30:00Z' }, ['22:00', '23:00', '00:00'], 1],
    ['minute', { from: '2026-05-01T23:58:59Z', to: '2026-05-02T00:00:00Z' }, ['23:58', '23:59'], 1],
    ['day', { from: '2026-05-01T23:59:00.001Z', to: '2026-05-02T00:00:00Z' }, ['00:00'], 0],
    ['day', { from: '2026-05-01T12:00:00+14:00', to: '2026-05-01T00:00:00Z' }, ['00:00'], 0],
  ])(
    'divides into intervals of a %s, in UTC, and counts what is in the period',
    async (interval, period, starts, calls) => {
      const items = await read({ ...period, interval });

      expect(items.map(({ start }) => start.slice(11, 16))).toEqual(starts);
      expect(items.map((item) => item.calls).reduce((a, b) => a + b)).toBe(calls);
    },
  );

  it('takes a thousand intervals and no more', async () => {
    const from = '2026-05-01T00:00:00Z';

    expect(await read({ from, to: '2026-05-01T16:40:00Z', interval: 'minute' })).toHaveLength(1_000);
    const answer = await get({ from, to: '2026-05-01T16:40:00.001Z', interval: 'minute' });

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors[0].pointer).toBe('/interval');
  });

  it.each([
    ['a period that ends before it begins', { from: twoDays.to, to: twoDays.from }, '/to'],
    ['a period without length', { from: twoDays.from, to: twoDays.from }, '/to'],
    ['a period without a beginning', { to: twoDays.to }, '/from'],
    ['another interval', { ...twoDays, interval: 'week' }, '/interval'],
  ])('refuses %s and points to it', async (_case, query, pointer) => {
    const answer = await get(query);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  it("counts a neighbour's calls for the neighbour alone", async () => {
    const items = await read(twoDays, theirs.key);

    expect(items.map(({ calls }) => calls)).toEqual([1, 0, 0]);
  });
});
