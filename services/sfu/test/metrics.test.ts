import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opusParameters } from './support/rtpParameters.ts';
import { samplesIn } from './support/samples.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const metrics = new Registry();
let sfu: TestSfu;
let startedAtMs: number;

beforeAll(async () => {
  startedAtMs = performance.now();
  sfu = await startTestSfu({}, { metrics });
  await sfu.putRoom({ roomId: 'room' });
});
afterAll(() => sfu[Symbol.asyncDispose]());

const sample = (name: string, labels: Record<string, string> = {}): Promise<number> =>
  samplesIn(metrics, name, labels);

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'parley-metrics-'));

  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe('the metrics of a node', () => {
  it.runIf(existsSync('/proc/self/fd'))(
    'show the files of a worker, which may have as many as it can',
    async () => {
      const { pid } = sfu.sfu.listWorkers()[0] ?? {};
      const labels = { pid: String(pid) };
      const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
      const [, soft, hard] = /Max open files\s+(\d+)\s+(\d+)/.exec(limits) ?? [];

      expect(await sample('parley_media_worker_open_fds', labels)).toBeGreaterThan(5);
      expect(await sample('parley_media_worker_max_fds', labels)).toBe(Number(soft));
      // Node raises its own limit at its start, and workers inherit that.
      expect(soft).toBe(hard);
    },
  );

  it('show what it holds while it does, and how entrances, requests and returns went', async () => {
    const alice = await sfu.connect('alice');
    const bob = await sfu.connect('bob');
    const { call, media, resumeToken } = await alice.enter('joinRoom', {
      roomId: 'room',
      media: await alice.offer(),
    });
    const producingAtMs = performance.now();
    await alice.request('produce', {
      callId: call.id,
      transportId: media.sendTransport.id,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    });
    const producingSeconds = (performance.now() - producingAtMs) / 1_000;
    const joined = await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });
    expect(
      await bob.refusal({ name: 'joinRoom', data: { roomId: 'nowhere', media: await bob.offer() } }),
    ).toBe('room_not_found');

    expect(await sample('parley_signaling_sockets')).toBe(2);
    expect(await sample('parley_calls', { kind: 'room', state: 'connected' })).toBe(1);
    expect(await sample('parley_participants', { state: 'connected' })).toBe(2);
    expect(await sample('parley_transports')).toBe(4);
    expect(await sample('parley_producers', { source: 'microphone' })).toBe(1);
    expect(await sample('parley_consumers', { kind: 'audio', state: 'paused' })).toBe(1);
    await bob.request('resumeConsumers', {
      callId: call.id,
      consumerIds: joined.media.consumers.map(({ id }) => id),
    });
    expect(await sample('parley_consumers', { kind: 'audio', state: 'forwarded' })).toBe(1);
    expect(await sample('parley_joins_total', { outcome: 'joined' })).toBe(2);
    expect(await sample('parley_joins_total', { outcome: 'room_not_found' })).toBe(1);
    const produced = { request: 'produce', outcome: 'ok' };
    expect(await sample('parley_signaling_request_duration_seconds_count', produced)).toBe(1);
    // Seconds, as its name says.
    const measured = await sample('parley_signaling_request_duration_seconds_sum', produced);
    expect(measured).toBeGreaterThan(0);
    expect(measured).toBeLessThanOrEqual(producingSeconds);

    alice.drop();
    const again = await sfu.connect('alice');
    await again.request('resume', { callId: call.id, resumeToken, sequence: alice.sequenceOf(call.id) });
    expect(await sample('parley_recoveries_total', { kind: 'resume' })).toBe(1);
    await again.request('restartIce', { callId: call.id });
    expect(await sample('parley_recoveries_total', { kind: 'iceRestart' })).toBe(1);

    await again.request('leaveCall', { callId: call.id });
    await bob.request('leaveCall', { callId: call.id });
    expect(await sample('parley_calls')).toBe(0);
    expect(await sample('parley_transports')).toBe(0);
  });

  it('name every outcome and kind before there is any, so that the first is a step', async () => {
    const fresh = new Registry();
    await using other = await startTestSfu({}, { metrics: fresh });
    const seriesOf = async (name: string): Promise<number> =>
      (await fresh.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`)).length;

    expect(await seriesOf('parley_joins_total')).toBeGreaterThan(10);
    expect(await seriesOf('parley_recoveries_total')).toBe(6);
    expect(await seriesOf('parley_calls')).toBe(6);
    expect(await seriesOf('parley_consumers')).toBe(6);
    expect(await seriesOf('parley_media_packets_total')).toBe(2);
    expect(other.sfu.listWorkers()).toMatchObject([{ state: 'running', shedding: 'none', calls: 0 }]);
  });

  it('count everybody whose worker has died', async () => {
    const [erin, frank] = [await sfu.connect('erin'), await sfu.connect('frank')];
    const { call } = await erin.enter('joinRoom', { roomId: 'room', media: await erin.offer() });
    await frank.enter('joinRoom', { roomId: 'room', media: await frank.offer() });
    const [worker] = sfu.sfu.listWorkers();
    expect(worker).toMatchObject({ calls: 1, participants: 2 });

    process.kill(worker?.pid ?? 0, 'SIGKILL');

    await Promise.all([erin.next('mediaReset'), frank.next('mediaReset')]);
    await expect.poll(() => sample('parley_recoveries_total', { kind: 'workerDeath' })).toBe(2);
    for (const client of [erin, frank]) {
      await client.request('leaveCall', { callId: call.id });
    }
  });

  it('count everybody found in the calls of the process before, and again who comes back', async () => {
    await using folder = await temporaryFolder();
    let callId: string;
    let resumeToken: string;
    {
      await using before = await startTestSfu({ stateDir: folder.path });
      const [anna, ben] = [await before.connect('anna'), await before.connect('ben')];
      const entered = await anna.enter('startCall', { callees: ['ben'], media: await anna.offer() });
      ({ resumeToken } = entered);
      callId = entered.call.id;
      await ben.next('incomingCall');
      await ben.enter('acceptCall', { callId, media: await ben.offer() });
    }
    const fresh = new Registry();
    await using after = await startTestSfu({ stateDir: folder.path }, { metrics: fresh });
    expect(await samplesIn(fresh, 'parley_recoveries_total', { kind: 'processRestart' })).toBe(2);

    const anna = await after.connect('anna');
    await anna.request('resume', { callId, resumeToken, sequence: 0 });
    expect(await samplesIn(fresh, 'parley_recoveries_total', { kind: 'rejoin' })).toBe(1);
    expect(await samplesIn(fresh, 'parley_recoveries_total', { kind: 'resume' })).toBe(0);
  });

  it('say what each worker has used, in seconds', async () => {
    await expect
      .poll(() => sample('parley_media_worker_cpu_seconds_total'), { timeout: 10_000 })
      .toBeGreaterThan(0);
    // One thread does all the work of a worker.
    const elapsedSeconds = (performance.now() - startedAtMs) / 1_000;
    expect(await sample('parley_media_worker_cpu_seconds_total')).toBeLessThan(elapsedSeconds);
  });
});

describe('the dump of a call', () => {
  it('shows roster, streams, consumers and transports, and no secret', async () => {
    const carol = await sfu.connect('carol');
    const { call, participantId, resumeToken } = await carol.enter('joinRoom', {
      roomId: 'room',
      media: await carol.offer(),
    });

    const dump = await sfu.sfu.dumpCall(call.id);
    expect(dump).toMatchObject({
      callId: call.id,
      kind: 'room',
      roomId: 'room',
      participants: { connected: 1 },
      roster: [{ id: participantId, state: 'connected' }],
      media: {
        // What each rule of the forwarding policy does now.
        forwarding: {
          rulesOff: [],
          audio: { mode: expect.any(String) as string },
          pictures: { flowingByLayer: [0, 0, 0], byPriority: {}, suspendedEncodings: 0 },
          demand: { forwarded: 0, paused: 0, notAskedFor: 0 },
          data: { passed: 0, dropped: 0 },
        },
        participants: [
          { participantId, transports: [{ direction: 'send' }, { direction: 'receive' }], producers: [] },
        ],
      },
    });
    const text = JSON.stringify(dump);
    expect(text).not.toContain(resumeToken);
    expect(text).not.toMatch(/password|credential|usernameFragment|fingerprint/i);
    expect(sfu.sfu.dumpCalls().map(({ callId }) => callId)).toEqual([call.id]);
    expect(await sfu.sfu.dumpCall('no-such-call')).toBeUndefined();
    await carol.request('leaveCall', { callId: call.id });
  });
});
