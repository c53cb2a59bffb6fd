import { createMemoryBackplane, type CallEvent } from '@parley/backplane';
import { createDatabase, type Database } from '@parley/db';
import { systemClock } from '@parley/kit';
import { createTestDatabase, Relay, type TestDatabase } from '@parley/test-kit';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallRecorder } from '../src/calls/CallRecorder.ts';
import { CallStory } from './callStory.ts';

let test: TestDatabase;
let database: Database;
let logs: string[];
let calls = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  ({ database } = test);
  await database.application.create({ data: { id: 'app', name: 'Test', publicKey: 'pk_test' } });
});
afterAll(() => test.drop());
beforeEach(async () => {
  logs = [];
  await database.callRecord.deleteMany();
  await database.user.deleteMany();
  await database.user.createMany({
    data: ['alice', 'bob'].map((id) => ({ applicationId: 'app', id, displayName: id })),
  });
});

const tell = (applicationId = 'app') =>
  new CallStory({ applicationId, callId: `call-${(calls += 1)}`, startedAt: '2026-03-01T10:00:00.000Z' });

/** Two talk for a minute. */
const tellWhole = () =>
  tell()
    .start('direct')
    .join(0, 'alice')
    .enter(1, 'alice')
    .join(1, 'bob')
    .connect(5)
    .enter(5, 'bob')
    .leave(65, 'bob', 'hangup')
    .end(65.25, 'hangup');

const startRecorder = (own = database) => {
  const backplane = createMemoryBackplane(() => undefined);
  const logger = pino({ level: 'trace' }, { write: (line) => logs.push(line) });
  const recorder = new CallRecorder({ database: own, backplane, clock: systemClock, logger });

  return {
    recorder,
    publish: (events: readonly CallEvent[]) => events.forEach((e) => backplane.callEvents.publish(e)),
  };
};

/** Records the events, and returns when it has. */
const record = async (events: readonly CallEvent[]): Promise<void> => {
  const { recorder, publish } = startRecorder();
  publish(events);
  await recorder.close();
};

const readCall = (id: string) =>
  database.callRecord.findUnique({
    where: { applicationId_id: { applicationId: 'app', id } },
    include: { participants: { orderBy: { id: 'asc' } } },
  });

const surveysOf = (callId: string) =>
  database.callSurvey.findMany({ where: { callId }, orderBy: { participantId: 'asc' } });

const at = (time: string): Date => new Date(`2026-03-01T10:${time}Z`);

describe('a call record', () => {
  it('tells who was in the call, from when to when, and how it ended for each', async () => {
    const story = tellWhole();

    await record(story.events);

    expect(await readCall(story.callId)).toEqual({
      applicationId: 'app',
      id: story.callId,
      kind: 'direct',
      roomId: null,
      nodeId: 'node-1',
      startedAt: at('00:00.000'),
      connectedAt: at('00:05.000'),
      endedAt: at('01:05.250'),
      endReason: 'hangup',
      participants: [
        {
          applicationId: 'app',
          callId: story.callId,
          id: 'alice',
          userId: 'alice',
          displayName: 'Name of alice',
          kind: 'user',
          role: 'presenter',
          joinedAt: at('00:00.000'),
          connectedAt: at('00:01.000'),
          // Left in it when it ended.
          leftAt: at('01:05.250'),
          endReason: 'hangup',
        },
        {
          applicationId: 'app',
          callId: story.callId,
          id: 'bob',
          userId: 'bob',
          displayName: 'Name of bob',
          kind: 'user',
          role: 'presenter',
          joinedAt: at('00:01.000'),
          connectedAt: at('00:05.000'),
          leftAt: at('01:05.000'),
          endReason: 'hangup',
        },
      ],
    });
  });

  it('grows as the events come, in batches cut anywhere', async () => {
    const whole = tellWhole();
    await record(whole.events);
    const story = tellWhole();

    for (const event of story.events) {
      await record([event]);
    }

    const [atOnce, oneByOne] = [await readCall(whole.callId), await readCall(story.callId)];
    expect(JSON.stringify(oneByOne)).toBe(JSON.stringify(atOnce).replaceAll(whole.callId, story.callId));
  });

  it('stays as it is when its events come again, all of them or the last', async () => {
    const story = tellWhole();
    await record(story.events);
    const first = await readCall(story.callId);

    await record([...story.events, ...story.events]);
    await record(story.events.slice(-3));

    expect(await readCall(story.callId)).toEqual(first);
  });

  it('ends for the first reason, whatever a node that was killed meanwhile tells when it is back', async () => {
    const [first, ...others] = [tellWhole(), tellWhole(), tellWhole()];
    await record(first.events);
    const whole = await readCall(first.callId);
    for (const story of others) {
      const events = [...story.events];
      story.end(70, 'failed').end(95, 'connection_lost');
      // All at once, and one after the other.
      await record(story === others[0] ? story.events : events);
      await record(story.events);

      expect(JSON.stringify(await readCall(story.callId))).toBe(
        JSON.stringify(whole).replaceAll(first.callId, story.callId),
      );
    }
  });

  it('does not go back when an event comes again after later ones', async () => {
    const story = tell().start().join(0, 'alice').changeRole(1, 'alice', 'attendee');
    await record(story.events);
    const early = story.events.slice();
    await record(story.changeRole(2, 'alice', 'consumer').end(3, 'hangup').events);

    await record(early);
    await record([...early, ...early]);

    expect(await readCall(story.callId)).toMatchObject({
      endReason: 'hangup',
      participants: [{ role: 'consumer' }],
    });
  });

  it('is not made anew by events of a call whose record was removed', async () => {
    const story = tellWhole();
    await record(story.events);
    await database.callRecord.deleteMany();

    await record(story.events);

    expect(await readCall(story.callId)).toBeNull();
  });

  it('has what a participant thought of the call, as said last', async () => {
    const story = tell().start().join(0, 'alice').join(0, 'bob');
    story.survey(5, 'alice', { rating: 1, issues: ['echo', 'no_video'], comment: 'Bad.' });
    story.survey(6, 'alice', { rating: 4 }).survey(7, 'bob', { rating: 2, comment: 'Noisy.' });

    await record(story.events);

    expect(await surveysOf(story.callId)).toMatchObject([
      { participantId: 'alice', rating: 4, issues: [], comment: null, submittedAt: at('00:06.000') },
      { participantId: 'bob', rating: 2, issues: [], comment: 'Noisy.' },
    ]);
  });

  it('has the role that was given last, and the room', async () => {
    const story = tell().start('room', 'room-1').join(0, 'alice');
    story.changeRole(1, 'alice', 'attendee').changeRole(2, 'alice', 'consumer');

    await record(story.events);

    expect(await readCall(story.callId)).toMatchObject({
      roomId: 'room-1',
      endedAt: null,
      participants: [{ role: 'consumer', leftAt: null }],
    });
  });
});

describe('a deleted user', () => {
  const anonymised = { userId: null, displayName: null, kind: 'user' };
  const remove = async () => {
    await database.user.delete({ where: { applicationId_id: { applicationId: 'app', id: 'bob' } } });
    await database.participantRecord.updateMany({
      where: { applicationId: 'app', userId: 'bob' },
      data: { userId: null, displayName: null },
    });
  };

  it('is not named again by events that come again or later', async () => {
    const story = tell().start().join(0, 'alice').join(1, 'bob');
    await record(story.events);
    await remove();

    await record(story.leave(9, 'bob', 'removed').events);

    expect((await readCall(story.callId))?.participants).toMatchObject([
      { userId: 'alice' },
      { ...anonymised, leftAt: at('00:09.000'), endReason: 'removed' },
    ]);
  });

  it('has no comment written by a survey that comes too late', async () => {
    const story = tell().start().join(0, 'alice').join(1, 'bob');
    await record(story.events);
    await remove();

    await record(story.survey(9, 'bob', { rating: 3, comment: 'I, Bob, was not heard.' }).events);

    expect(await surveysOf(story.callId)).toMatchObject([{ rating: 3, comment: null }]);
  });

  it('is not named by events that come too late', async () => {
    await remove();
    const story = tellWhole();

    await record(story.events);

    expect((await readCall(story.callId))?.participants).toMatchObject([{ userId: 'alice' }, anonymised]);
  });

  it('is not named by events that come while the deletion is under way', async () => {
    const story = tellWhole();
    const { recorder, publish } = startRecorder();

    await database.$transaction(async (transaction) => {
      await transaction.user.delete({ where: { applicationId_id: { applicationId: 'app', id: 'bob' } } });
      publish(story.events);
      await expect.poll(countWaiting).toBe(1);
      await transaction.participantRecord.updateMany({
        where: { applicationId: 'app', userId: 'bob' },
        data: { userId: null, displayName: null },
      });
    });
    await recorder.close();

    expect((await readCall(story.callId))?.participants).toMatchObject([{ userId: 'alice' }, anonymised]);
  });

  /** Backends of this database that wait for a row. */
  async function countWaiting(): Promise<number> {
    const [row] = await database.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;

    return row?.count ?? 0;
  }
});

describe('the recorder', () => {
  it('drops the events of an application that is not there, says so, and records the others', async () => {
    const [stranger, story] = [tell('app-gone').start().join(0, 'alice'), tellWhole()];

    await record([...stranger.events, ...story.events]);

    expect(await readCall(story.callId)).toMatchObject({ endReason: 'hangup' });
    expect(await database.callRecord.count()).toBe(1);
    expect(logs.filter((line) => line.includes('unknown applications'))).toEqual([
      expect.stringContaining('app-gone'),
    ]);
  });

  it('passes over events of a call that has no record', async () => {
    await record(
      tell().join(0, 'alice').enter(1, 'alice').leave(2, 'alice', 'hangup').end(3, 'hangup').events,
    );

    expect(await database.callRecord.count()).toBe(0);
    expect(logs).toEqual([]);
  });

  // PostgreSQL keeps neither.
  it.each(['\u0000', '\ud800'])(
    'gives up an event that cannot be written (%j), and loses neither its call nor those behind it',
    async (unwritable) => {
      const broken = tell().start().join(0, 'alice').join(1, unwritable).enter(2, 'alice').join(3, 'bob');
      const [story, whole] = [broken.leave(9, 'bob', 'hangup').end(10, 'hangup'), tellWhole()];

      await record([...story.events, ...whole.events]);

      expect(await readCall(story.callId)).toMatchObject({
        endedAt: at('00:10.000'),
        endReason: 'hangup',
        participants: [
          { userId: 'alice', connectedAt: at('00:02.000'), leftAt: at('00:10.000') },
          { userId: 'bob', leftAt: at('00:09.000') },
        ],
      });
      expect(await readCall(whole.callId)).toMatchObject({ endReason: 'hangup' });
      expect(logs.filter((line) => line.includes('not recorded'))).toEqual([
        expect.stringContaining(story.callId),
      ]);
    },
  );

  it('starts without a database, and writes what happened meanwhile when it is back', async () => {
    const relay = await Relay.to(test.url);
    await relay.cut();
    const own = createDatabase(relay.url);
    const { recorder, publish } = startRecorder(own);
    const story = tellWhole();
    publish(story.events.slice(0, 3));
    await expect.poll(() => logs.filter((line) => line.includes('no search')).length).toBe(1);
    publish(story.events.slice(3));

    await relay.join();

    await expect
      .poll(() => readCall(story.callId), { timeout: 10_000 })
      .toMatchObject({ endReason: 'hangup' });
    await recorder.close();
    await own.$disconnect();
    await relay.cut();
  });
});
