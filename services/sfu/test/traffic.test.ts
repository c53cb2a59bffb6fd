import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countCalls } from '../src/calls/inspectCalls.ts';
import { watchNode } from '../src/metrics/watchNode.ts';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';
import { samplesIn } from './support/samples.ts';

const metrics = new Registry();
let world: MediaWorld;
let alice: PlainParticipant;
let bob: PlainParticipant;
let sound: string;

beforeAll(async () => {
  world = await startMediaWorld({ workerCount: 1, beatMs: 50 });
  watchNode(metrics, {
    calls: () => countCalls([]),
    media: () => world.media.counts,
    traffic: () => world.media.traffic(),
    workers: () => world.media.workers,
    sockets: () => 0,
  });
  const call = await world.createCall();
  alice = await call.join('alice');
  bob = await call.join('bob');
  sound = await alice.produce('microphone');
  await bob.hears(sound);
});
afterAll(() => world[Symbol.asyncDispose]());

const sample = (name: string, labels: Record<string, string> = {}): Promise<number> =>
  samplesIn(metrics, name, labels);

/** The metric of that direction, once it is above `floor`. */
async function grows(name: string, direction: 'received' | 'sent', floor = 0): Promise<number> {
  let value = 0;
  await expect
    .poll(async () => (value = await sample(name, { direction })), { timeout: 10_000 })
    .toBeGreaterThan(floor);

  return value;
}

describe('the metrics of what goes through a node', () => {
  it('count packets and bytes of both directions, and lose none when somebody leaves', async () => {
    const arrived = bob.packetsOf(sound);
    for (const direction of ['received', 'sent'] as const) {
      const packets = await grows('parley_media_packets_total', direction, arrived - 1);
      expect(await grows('parley_media_bytes_total', direction)).toBeGreaterThan(packets);
      await grows('parley_media_packets_total', direction, packets);
    }
  });

  it('tell what is lost on the way here from what is lost on the way to a client', async () => {
    const lost = 'parley_media_packets_lost_total';
    expect(await sample(lost)).toBe(0);

    bob.reportLoss(sound, 7);
    expect(await grows(lost, 'sent')).toBe(7);
    expect(await sample(lost, { direction: 'received' })).toBe(0);

    alice.losesEvery = 4;
    await grows(lost, 'received', 3);
    expect(await sample(lost, { direction: 'sent' })).toBe(7);
  });

  it('say the load of each worker by its port and its pid', async () => {
    const [worker] = world.pool.workers;
    const labels = { port: String(worker?.port), pid: String(worker?.pid) };

    await expect
      .poll(() => sample('parley_media_worker_load_ratio', labels), { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect(await sample('parley_media_worker_cpu_seconds_total', labels)).toBeGreaterThan(0);
  });
});
