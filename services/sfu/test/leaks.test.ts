import { readdirSync, readlinkSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { observer, type types } from 'mediasoup';
import { expect, it } from 'vitest';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const rounds = 50;
const clientsARound = 10;

/** What the first rounds fill, such as caches and pools, is no leak. */
const roundsToWarmUp = 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('500 joins and leaves leave nothing behind, neither here nor in the worker, and memory level', async () => {
  const started: Started = { servers: [] };
  observer.once('newworker', (worker) => {
    started.worker = worker;
    worker.observer.on('newwebrtcserver', (server) => started.servers.push(server));
  });
  await using sfu = await startTestSfu({
    addressHandshakesPerMinute: 100_000,
    callSettings: { reconnectSeconds: 5 },
  });
  await sfu.putRoom({ roomId: 'room' });
  const before = await holdings(started);
  let warm: Memory | undefined;

  for (let round = 1; round <= rounds; round += 1) {
    const clients = await Promise.all(
      Array.from({ length: clientsARound }, (_, index) => connect(sfu, `user-${round}-${index}`)),
    );
    await Promise.all(clients.map((client) => meet(client)));
    // The last ones are gone without a word, and their places given up after a while.
    if (round < rounds) {
      await Promise.all(clients.map((client) => client.request('leaveCall', { callId: callOf(client) })));
    }
    clients.forEach(({ socket }) => socket.disconnect());
    forget(sfu);
    if (round === roundsToWarmUp) {
      warm = memory(started);
    }
  }

  await expect.poll(() => holdings(started), { timeout: 20_000 }).toEqual(before);
  forget(sfu);
  const after = memory(started);
  expect(after.heapMiB - (warm?.heapMiB ?? 0)).toBeLessThan(10);
  expect(after.workerMiB - (warm?.workerMiB ?? 0)).toBeLessThan(10);
}, 60_000);

/** The worker's pulse, and those of whoever looks here again and again. */
const standingTimers = 5;

interface Started {
  worker?: types.Worker;
  readonly servers: types.WebRtcServer[];
}

const calls = new WeakMap<TestClient, string>();

function callOf(client: TestClient): string {
  return calls.get(client) ?? 'none';
}

/** One that is not kept for the end of the test. */
async function connect(sfu: TestSfu, userId: string): Promise<TestClient> {
  return TestClient.connect(sfu.url, await sfu.token(userId));
}

/** What is kept for tests that look at the log. */
function forget({ log }: TestSfu): void {
  (log as string[]).length = 0;
}

/** Enters the room, sends sound and a picture, and asks for the pictures of the others. */
async function meet(client: TestClient): Promise<void> {
  const { call, media } = await client.enter('joinRoom', { roomId: 'room', media: await client.offer() });
  const callId = call.id;
  calls.set(client, callId);
  const transportId = media.sendTransport.id;
  const streams = [
    { source: 'microphone', rtpParameters: opusParameters() },
    { source: 'camera', rtpParameters: vp8Parameters() },
  ] as const;
  await Promise.all(
    streams.map((stream) => client.request('produce', { callId, transportId, paused: false, ...stream })),
  );
  const producerIds = call.participants.flatMap(({ producers }) => producers.map(({ id }) => id));
  if (producerIds.length > 0) {
    await client.request('consume', { callId, producerIds });
  }
}

interface Holdings {
  /** Routers, transports, producers, consumers and observers of the worker, as it says itself. */
  readonly worker: number;
  readonly webRtcTransports: number;
  readonly workerSockets: number;
  readonly sockets: number;
  readonly timers: number;
}

async function holdings({ worker, servers }: Started): Promise<Holdings> {
  const dump = await worker?.dump();
  const webRtcTransports = await Promise.all(servers.map((server) => server.dump()));
  const resources = process.getActiveResourcesInfo();
  const count = (name: string): number => resources.filter((resource) => resource === name).length;

  return {
    worker: dump?.channelMessageHandlers.channelRequestHandlers.length ?? 0,
    webRtcTransports: webRtcTransports.flatMap(({ webRtcTransportIds }) => webRtcTransportIds).length,
    workerSockets: socketsOf(worker?.pid ?? 0),
    sockets: count('TCPSocketWrap'),
    timers: Math.max(0, count('Timeout') - standingTimers),
  };
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;

  return readdirSync(folder).filter((fd) => readlinkSync(`${folder}/${fd}`).startsWith('socket:')).length;
}

interface Memory {
  readonly heapMiB: number;
  readonly workerMiB: number;
}

function memory({ worker }: Started): Memory {
  collectGarbage();
  const pages = Number(readFileSync(`/proc/${worker?.pid ?? 0}/statm`, 'utf8').split(' ')[1]);

  return { heapMiB: process.memoryUsage().heapUsed / 2 ** 20, workerMiB: (pages * 4096) / 2 ** 20 };
}
