import { limitsWith, maxCustomItems, type CustomItems } from '@parley/protocol';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const metrics = new Registry();
let sfu: TestSfu;

beforeAll(async () => {
  sfu = await startTestSfu({ callLimits: { actionsPerSecond: 1_000_000 } }, { metrics });
  await sfu.putApplication({ limits: limitsWith({ signalingRequestsPerSecond: 10_000 }) });
  await sfu.putRoom({ roomId: 'room' });
});
afterAll(() => sfu[Symbol.asyncDispose]());

/** Of 50 KB together. */
function items(): CustomItems {
  return Object.fromEntries(
    Array.from({ length: maxCustomItems }, (_, index) => [`item-${index}`, 'x'.repeat(1_000)]),
  );
}

/** What arrives at the client's machine stays in the buffers of the kernel. */
function stopReading(client: TestClient): void {
  const { ws } = client.socket.io.engine.transport as unknown as { ws: { pause(): void } };
  ws.pause();
}

it('a client that does not read is cut off before 32 MB were written, and its place is kept', async () => {
  const alice = await sfu.connect('alice');
  const bob = await sfu.connect('bob');
  const { call } = await alice.enter('joinRoom', { roomId: 'room', media: await alice.offer() });
  const joined = await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });
  const sequence = bob.sequenceOf(call.id);
  stopReading(bob);

  const customData = items();
  const size = JSON.stringify(customData).length;
  let written = 0;
  while (!alice.unread.includes('participantStateChanged') && written < 32_000_000) {
    await alice.request('setCustomData', { callId: call.id, items: customData });
    written += size;
  }
  expect(await alice.next('participantStateChanged')).toMatchObject({ state: 'reconnecting' });
  expect(await metrics.getSingleMetricAsString('parley_signaling_sockets_cut_off_total')).toMatch(/ 1$/m);

  const again = await sfu.connect('bob', { clientId: bob.clientId });
  const { resumeToken } = joined;
  const resumed = await again.request('resume', { callId: call.id, resumeToken, sequence });
  expect(resumed.action).toBe('resume');
});

it('a client that reads is told everything, however much that is', async () => {
  const carol = await sfu.connect('carol');
  const { call } = await carol.enter('joinRoom', { roomId: 'room', media: await carol.offer() });
  const before = carol.sequenceOf(call.id);
  for (let count = 0; count < 200; count += 1) {
    await carol.request('setCustomData', { callId: call.id, items: items() });
    await carol.next('customDataChanged');
  }

  expect(carol.sequenceOf(call.id) - before).toBeGreaterThanOrEqual(200);
  expect(carol.socket.connected).toBe(true);
});
