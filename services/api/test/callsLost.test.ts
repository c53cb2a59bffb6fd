import { createMemoryBackplane, type Backplane, type CallEvent, type CallEvents } from '@parley/backplane';
import { createDatabase, databaseFailure, type Database } from '@parley/db';
import { systemClock } from '@parley/kit';
import { createTestDatabase, Relay, type TestDatabase } from '@parley/test-kit';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallRecorder } from '../src/calls/CallRecorder.ts';
import { LostCalls } from '../src/calls/LostCalls.ts';
import { writeCallEvents } from '../src/calls/writeCallEvents.ts';
import { CallStory } from './callStory.ts';

const startedAt = '2026-03-01T10:00:00.000Z';
const minute = 60;
/** How long a call must be missing. */
const silence = 90;

let test: TestDatabase;
let database: Database;
let backplane: Backplane;
let nowMs: number;
let lostCalls: LostCalls;

beforeAll(async () => {
  test = await createTestDatabase();
  ({ database } = test);
  await database.application.create({ data: { id: 'app', name: 'Test', publicKey: 'pk_test' } });
});
afterAll(() => test.drop());
beforeEach(async () => {
  await database.callRecord.deleteMany();
  backplane = createMemoryBackplane(() => undefined);
  const clock = { ...systemClock, now: () => nowMs };
  lostCalls = new LostCalls({ database, callDirectory: backplane.callDirectory, clock });
});

const tell = (callId: string) => new CallStory({ applicationId: 'app', callId, startedAt });
const write = ({ events }: CallStory) =>
  database.$transaction((transaction) => writeCallEvents(transaction, events));
const isUnavailable = (error: unknown): boolean => databaseFailure(error) === 'unavailable';
const after = (seconds: number): number => Date.parse(startedAt) + seconds * 1000;
const putLive = (callId: string) =>
  backplane.callDirectory.put({ applicationId: 'app', callId, nodeId: 'node-1', userIds: [] });
const read = (id: string) =>
  database.callRecord.findUnique({
    where: { applicationId_id: { applicationId: 'app', id } },
    include: { participants: { orderBy: { id: 'asc' } } },
  });

describe('a call whose node died', () => {
  it('ends once it was missing for a minute and a half, when it was last heard of, with everybody in it', async () => {
    await write(
      tell('lost').start().join(0, 'alice').join(2, 'bob').leave(5, 'bob', 'declined').join(9, 'carol'),
    );

    nowMs = after(100 * minute);
    expect(await lostCalls.end()).toBe(0);
    nowMs = after(100 * minute + silence) - 1;
    expect(await lostCalls.end()).toBe(0);
    expect((await read('lost'))?.endedAt).toBeNull();
    nowMs = after(100 * minute + silence);
    expect(await lostCalls.end()).toBe(1);

    const end = new Date(after(9));
    expect(await read('lost')).toMatchObject({
      endedAt: end,
      endReason: 'failed',
      participants: [
        { id: 'alice', leftAt: end, endReason: 'failed' },
        { id: 'bob', leftAt: new Date(after(5)), endReason: 'declined' },
        { id: 'carol', leftAt: end, endReason: 'failed' },
      ],
    });
    expect(await lostCalls.end()).toBe(0);
  });

  it('ends when it was last in the call directory', async () => {
    await write(tell('seen').start().join(0, 'alice'));
    await putLive('seen');

    nowMs = after(100 * minute);
    expect(await lostCalls.end()).toBe(0);
    await backplane.callDirectory.remove({ applicationId: 'app', callId: 'seen' });
    nowMs = after(100.5 * minute);
    expect(await lostCalls.end()).toBe(0);
    nowMs = after(100.5 * minute + silence);
    expect(await lostCalls.end()).toBe(1);

    expect(await read('seen')).toMatchObject({
      endedAt: new Date(after(100 * minute)),
      endReason: 'failed',
    });
  });

  it('goes on when its node is back within a minute, however long there was no news of it', async () => {
    await write(tell('restored').start().join(0, 'alice'));
    nowMs = after(100 * minute);
    await lostCalls.end();
    nowMs = after(101 * minute);
    await lostCalls.end();

    await putLive('restored');
    nowMs = after(103 * minute);
    expect(await lostCalls.end()).toBe(0);

    expect(await read('restored')).toMatchObject({ endedAt: null, endReason: null });
  });

  it('is put right by the end that is told of after all', async () => {
    const story = tell('late').start().join(0, 'alice').join(0, 'bob');
    await write(story);
    nowMs = after(minute);
    await lostCalls.end();
    nowMs = after(minute + silence);
    expect(await lostCalls.end()).toBe(1);

    await write(story.leave(minute, 'bob', 'removed').end(3 * minute, 'hangup'));

    expect(await read('late')).toMatchObject({
      endedAt: new Date(after(3 * minute)),
      endReason: 'hangup',
      participants: [
        { id: 'alice', leftAt: new Date(after(3 * minute)), endReason: 'hangup' },
        { id: 'bob', leftAt: new Date(after(minute)), endReason: 'removed' },
      ],
    });
  });

  it('is found among more calls than are read at once, and leaves those that live or have ended', async () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => `call-${index}`);
    await database.callRecord.createMany({
      data: ids.map((id) => ({ applicationId: 'app', id, kind: 'group', nodeId: 'n', startedAt })),
    });
    await putLive('call-7');
    await write(tell('call-8').end(1, 'hangup'));
    nowMs = after(2 * minute);
    await lostCalls.end();
    nowMs = after(2 * minute + silence);

    expect(await lostCalls.end()).toBe(999);

    expect(await database.callRecord.findMany({ where: { endedAt: null }, select: { id: true } })).toEqual([
      { id: 'call-7' },
    ]);
    expect(await read('call-8')).toMatchObject({ endReason: 'hangup' });
  });
});

describe('the recorder', () => {
  /** What it asked the clock for; the test says when it is due. */
  let due: { delayMs: number; run: () => void }[];
  let aheadMs: number;
  beforeEach(() => {
    due = [];
    aheadMs = 0;
  });
  /** Has it look again, as late as it wanted. */
  const look = async () => {
    const count = due.length;
    const next = due[count - 1];
    aheadMs += next?.delayMs ?? 0;
    next?.run();
    await expect.poll(() => due.length).toBe(count + 1);
  };
  const start = (
    own: Pick<Backplane, 'callEvents' | 'callDirectory'> = backplane,
    ownDatabase = database,
  ): CallRecorder =>
    new CallRecorder({
      database: ownDatabase,
      backplane: own,
      logger: pino({ level: 'silent' }),
      clock: {
        now: () => Date.now() + aheadMs,
        schedule: (delayMs, run) => {
          due.push({ delayMs, run });

          return { cancel: () => undefined };
        },
      },
    });

  it('ends the calls of a node that died while no api ran, as it looks every minute', async () => {
    await write(tell('old').start().join(0, 'alice'));

    const recorder = start();
    await expect.poll(() => due.length).toBe(1);
    expect(due[0]?.delayMs).toBe(60_000);
    await look();
    expect(await read('old')).toMatchObject({ endReason: null });
    await look();

    expect(await read('old')).toMatchObject({ endReason: 'failed' });
    await recorder.close();
  });

  it('ends none while there is news of calls that it could not write', async () => {
    const relay = await Relay.to(test.url);
    const ownDatabase = createDatabase(relay.url);
    let consume: (events: readonly CallEvent[]) => Promise<void> = async () => undefined;
    const callEvents: CallEvents = {
      publish: () => undefined,
      consume: (consumer) => {
        consume = consumer;

        return { close: async () => undefined };
      },
    };
    const story = tell('waiting').start();
    await write(story);
    const recorder = start({ callEvents, callDirectory: backplane.callDirectory }, ownDatabase);
    await expect.poll(() => due.length).toBe(1);

    await relay.cut();
    await expect(consume(story.events)).rejects.toSatisfy(isUnavailable);
    await relay.join();
    await look();
    await look();
    expect((await read('waiting'))?.endedAt).toBeNull();
    await consume(story.events);
    await look();

    await expect.poll(() => read('waiting')).toMatchObject({ endReason: 'failed' });
    await recorder.close();
    await ownDatabase.$disconnect();
    await relay.cut();
  });
});
