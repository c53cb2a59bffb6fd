import { createDeferred, type Deferred } from '@parley/kit';
import type { Joined } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWebRtcTransports, type OpenTransports } from '../src/media/ParticipantTransports.ts';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';
import { workerPids } from './support/workerPids.ts';

let sfu: TestSfu;
let others: ReadonlySet<number>;
let bob: TestClient;
let joined: Joined;

/** Let go by the test: what is asked of transports waits until then. */
let opening: Gate | undefined;
let restarting: Gate | undefined;

interface Gate {
  readonly reached: Deferred<void>;
  readonly opened: Deferred<void>;
}

function createGate(): Gate {
  return { reached: createDeferred(), opened: createDeferred() };
}

async function pass(gate: Gate | undefined): Promise<void> {
  gate?.reached.resolve();
  await gate?.opened.promise;
}

const openTransports: OpenTransports = async (options) => {
  await pass(opening);
  const transports = await openWebRtcTransports(options);
  const restartIce = transports.restartIce.bind(transports);
  transports.restartIce = async () => {
    const restarted = await restartIce();
    await pass(restarting);

    return restarted;
  };

  return transports;
};

beforeEach(async () => {
  others = new Set(workerPids());
  sfu = await startTestSfu({}, { openTransports });
  await sfu.putRoom({ roomId: 'room' });
  bob = await sfu.connect('bob');
  joined = await join(bob);
});

afterEach(async () => {
  opening = restarting = undefined;
  await sfu[Symbol.asyncDispose]();
});

/** The worker that everything is on. */
function worker(): number {
  return workerPids().find((pid) => !others.has(pid)) ?? 0;
}

async function join(client: TestClient): Promise<Joined> {
  const answer = await client.request(
    'joinRoom',
    { roomId: 'room', media: await client.offer() },
    'the-same-request',
  );
  if (answer.action !== 'joined') {
    throw new Error('Bob was not let in.');
  }

  return answer;
}

/** Whether the transport is one that can be sent over. */
async function produces(client: TestClient, transportId: string): Promise<boolean> {
  const { producerId } = await client.request('produce', {
    callId: joined.call.id,
    transportId,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });

  return producerId !== '';
}

it('a join that is asked for again while the media is moved is answered with what it is moved to', async () => {
  bob.drop();
  opening = createGate();
  process.kill(worker(), 'SIGKILL');
  await opening.reached.promise;
  const client = await sfu.connect('bob', { clientId: bob.clientId });
  const again = join(client);
  // By then it has arrived: this takes more ways there and back.
  await sfu.connect('alice');
  opening.opened.resolve();
  const { media, resumeToken, sequence, call } = await again;

  expect(media.sendTransport.id).not.toBe(joined.media.sendTransport.id);
  await client.request('resume', { callId: call.id, resumeToken, sequence });
  expect(await produces(client, media.sendTransport.id)).toBe(true);
});

it('a resume during which the media is moved is answered with what it is moved to', async () => {
  await sfu.sfu.drainWorker(worker());
  await bob.next('mediaReset');
  bob.drop();
  const client = await sfu.connect('bob', { clientId: bob.clientId });
  restarting = createGate();
  const { resumeToken, sequence, call } = joined;
  const resumed = client.request('resume', { callId: call.id, resumeToken, sequence });
  await restarting.reached.promise;
  opening = createGate();
  process.kill(worker(), 'SIGKILL');
  await opening.reached.promise;
  restarting.opened.resolve();
  opening.opened.resolve();
  const answer = await resumed;

  expect(answer).toMatchObject({ action: 'rejoin' });
  const { media } = answer as Extract<typeof answer, { action: 'rejoin' }>;
  expect(await produces(client, media.sendTransport.id)).toBe(true);
});

it('a resume that waits for a worker which dies is answered with what the media is moved to', async () => {
  bob.drop();
  const client = await sfu.connect('bob', { clientId: bob.clientId });
  const { resumeToken, sequence, call } = joined;
  process.kill(worker(), 'SIGSTOP');
  const resumed = client.request('resume', { callId: call.id, resumeToken, sequence });
  // By then it has arrived: this takes more ways there and back.
  await sfu.connect('alice');
  process.kill(worker(), 'SIGKILL');
  const answer = await resumed;

  expect(answer).toMatchObject({ action: 'rejoin' });
  const { media } = answer as Extract<typeof answer, { action: 'rejoin' }>;
  expect(await produces(client, media.sendTransport.id)).toBe(true);
});
