import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MediaParameters } from '@parley/protocol';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';
import { workerPids } from './support/workerPids.ts';

/** Short: a Socket.IO client that finds the clock put forward by more than its heartbeats take closes. */
const ttlSeconds = 4;

let sfu: TestSfu;
let alice: TestClient;
let bob: TestClient;
let others: ReadonlySet<number>;

beforeEach(async () => {
  others = new Set(workerPids());
  sfu = await startTestSfu({
    workerCount: 1,
    turn: { urls: ['turn:turn.example:3478'], secret: 'x'.repeat(32), ttlSeconds },
  });
  await sfu.putRoom({ roomId: 'room' });
  await sfu.putRoom({ roomId: 'guarded', lobby: true, roster: { alice: 'presenter' } });
  alice = await sfu.connect('alice');
  bob = await sfu.connect('bob');
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await sfu[Symbol.asyncDispose]();
});

/** All credentials that were given until now have run out. */
const outlast = (): unknown => vi.setSystemTime(Date.now() + (ttlSeconds + 1) * 1000);

/** For how long the credential opens an allocation, seconds from now. */
function secondsLeft({ iceServers }: Pick<MediaParameters, 'iceServers'>): number {
  const [server] = iceServers ?? [];

  return Number(server?.username?.split(':')[0]) - Math.floor(Date.now() / 1000);
}

const killWorkers = (): void =>
  workerPids()
    .filter((pid) => !others.has(pid))
    .forEach((pid) => process.kill(pid, 'SIGKILL'));

const enterRoom = async (client: TestClient, requestId?: string) =>
  client.enter('joinRoom', { roomId: 'room', media: await client.offer() }, requestId);

it('a call that is entered long after the connection was made comes with credentials that have not run out', async () => {
  outlast();
  const { media } = await enterRoom(alice, 'enter');
  expect(secondsLeft(media)).toBe(ttlSeconds);

  outlast();
  const { media: again } = await enterRoom(alice, 'enter');
  expect(secondsLeft(again)).toBe(ttlSeconds);
});

it('who is rung hours after connecting answers with credentials that have not run out', async () => {
  const { call } = await alice.enter('startCall', { callees: ['bob'], media: await alice.offer() });
  await bob.next('incomingCall');
  outlast();

  const { media } = await bob.enter('acceptCall', { callId: call.id, media: await bob.offer() });

  expect(secondsLeft(media)).toBe(ttlSeconds);
});

it('who is let in after waiting is given credentials that have not run out', async () => {
  const { call } = await alice.enter('joinRoom', { roomId: 'guarded', media: await alice.offer() });
  const waiting = await bob.request('joinRoom', { roomId: 'guarded', media: await bob.offer() });
  const { participantId } = waiting as Extract<typeof waiting, { action: 'lobby' }>;
  outlast();

  await alice.request('admitParticipants', { callId: call.id, participantIds: [participantId] });

  expect(secondsLeft((await bob.next('admitted')).joined.media)).toBe(ttlSeconds);
});

it('the death of a worker brings credentials that have not run out, and so do snapshot and rejoin', async () => {
  await enterRoom(alice);
  const { call, resumeToken, sequence } = await enterRoom(bob);
  const callId = call.id;
  bob.drop();
  await alice.next('participantStateChanged');
  outlast();
  killWorkers();
  expect(secondsLeft((await alice.next('mediaReset')).media)).toBe(ttlSeconds);

  outlast();
  const { media } = await alice.request('getSnapshot', { callId });
  expect(secondsLeft(media ?? {})).toBe(ttlSeconds);

  const client = await sfu.connect('bob', { clientId: bob.clientId });
  const answer = await client.request('resume', { callId, resumeToken, sequence });
  expect(answer.action).toBe('rejoin');
  expect(secondsLeft((answer as Extract<typeof answer, { action: 'rejoin' }>).media)).toBe(ttlSeconds);
});
