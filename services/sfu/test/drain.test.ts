import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerSummary } from '../src/media/inspectMedia.ts';
import { samplesIn } from './support/samples.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

let sfu: TestSfu;
let metrics: Registry;

beforeEach(() => {
  metrics = new Registry();
});
afterEach(() => sfu[Symbol.asyncDispose]());

/** What the log says, without the lines of level debug and below. */
const logged = (): Line[] =>
  sfu.log.map((line) => JSON.parse(line) as Line).filter(({ level }) => level >= 30);

const errors = (): Line[] => logged().filter(({ level }) => level >= 40);

/** The only one there is. */
function theWorker(): WorkerSummary {
  const [worker, ...others] = sfu.sfu.listWorkers();
  if (worker === undefined || others.length > 0) {
    throw new Error(`There are ${others.length + (worker === undefined ? 0 : 1)} workers.`);
  }

  return worker;
}

describe('emptying a worker', () => {
  it('leaves nobody behind, and is told from begin to end under the names by which it is listed', async () => {
    sfu = await startTestSfu({}, { metrics });
    await sfu.putRoom({ roomId: 'room' });
    const dave = await sfu.connect('dave');
    const { call } = await dave.enter('joinRoom', { roomId: 'room', media: await dave.offer() });
    const { pid, port, ...worker } = theWorker();
    expect(worker).toMatchObject({ state: 'running', calls: 1, participants: 1 });
    const before = logged().length;

    expect(await sfu.sfu.drainWorker(pid)).toEqual({ pid, port });

    expect((await dave.next('mediaReset')).callId).toBe(call.id);
    expect(await samplesIn(metrics, 'parley_recoveries_total', { kind: 'workerMove' })).toBe(1);
    const taker = theWorker();
    expect(taker).toMatchObject({ state: 'running', calls: 1, participants: 1 });
    expect(taker.pid).not.toBe(pid);
    const names = { workerPid: pid, workerPort: port };
    expect(logged().slice(before)).toMatchObject([
      { msg: 'media worker is being drained', ...names },
      { msg: 'media worker started', workerPid: taker.pid },
      { msg: 'call moved off the worker', callId: call.id, ...names },
      { msg: 'media worker closed', ...names },
      { msg: 'media worker drained', ...names },
    ]);
  });

  it('starts one in its place, however many ask at once, and all get the same answer', async () => {
    sfu = await startTestSfu();
    const { pid, port } = theWorker();

    const asked = await Promise.all([1, 2, 3].map(() => sfu.sfu.drainWorker(pid)));

    expect(asked).toEqual([1, 2, 3].map(() => ({ pid, port })));
    expect(theWorker().pid).not.toBe(pid);
    expect(await sfu.sfu.drainWorker(pid)).toBeUndefined();
  });

  it('takes one port to spare for all of them together', async () => {
    sfu = await startTestSfu({ workerCount: 4, rtcMinPort: 28_900, rtcMaxPort: 28_904 });
    const before = sfu.sfu.listWorkers();

    await Promise.all(before.map(({ pid }) => sfu.sfu.drainWorker(pid)));

    expect(sfu.sfu.listWorkers()).toHaveLength(4);
    expect(errors()).toEqual([]);
  });

  it('is warned of at the start, and refused, when there is no port to spare', async () => {
    sfu = await startTestSfu({ rtcMinPort: 28_950, rtcMaxPort: 28_950 });
    const { pid } = theWorker();
    expect(errors()).toMatchObject([{ msg: 'no port to spare: media workers cannot be drained', ports: 1 }]);

    await expect(sfu.sfu.drainWorker(pid)).rejects.toThrow(/no free port .* one to spare/);

    expect(theWorker()).toMatchObject({ pid, state: 'running' });
    expect(errors().at(-1)).toMatchObject({ msg: 'media worker not drained', workerPid: pid });
    await sfu.putRoom({ roomId: 'room' });
    const erin = await sfu.connect('erin');
    await erin.enter('joinRoom', { roomId: 'room', media: await erin.offer() });
  });
});
