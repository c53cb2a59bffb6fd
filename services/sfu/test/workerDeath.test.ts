import { expect, it } from 'vitest';
import type { MediaParameters, NotificationName } from '@parley/protocol';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu } from './support/testSfu.ts';
import { workerPids } from './support/workerPids.ts';

const userIds = ['alice', 'bob', 'carol', 'dave', 'eve'];

interface Member {
  readonly client: TestClient;
  readonly participantId: string;
  readonly callId: string;
  media: MediaParameters;
  microphone: string;
  camera: string;
}

/** Sends both streams over the present transport; answers their ids. */
async function produce({ client, callId, media }: Omit<Member, 'microphone' | 'camera'>): Promise<string[]> {
  const streams = [
    { source: 'microphone', rtpParameters: opusParameters() },
    { source: 'camera', rtpParameters: vp8Parameters() },
  ] as const;
  const transportId = media.sendTransport.id;
  const produced = await Promise.all(
    streams.map((stream) => client.request('produce', { callId, transportId, paused: false, ...stream })),
  );

  return produced.map(({ producerId }) => producerId);
}

async function join(client: TestClient): Promise<Member> {
  const { participantId, call, media } = await client.enter('joinRoom', {
    roomId: 'room',
    media: await client.offer(),
  });
  const member = { client, participantId, callId: call.id, media };
  const [microphone = '', camera = ''] = await produce(member);

  return { ...member, microphone, camera };
}

/** Reads consumers as they come until those of all these producers have come. */
async function consumersOf(member: Member, producerIds: readonly string[]): Promise<void> {
  const missing = new Set(producerIds);
  member.media.consumers.forEach(({ producerId }) => missing.delete(producerId));
  while (missing.size > 0) {
    const { consumers } = await member.client.next('consumersAdded');
    consumers.forEach(({ producerId }) => missing.delete(producerId));
  }
}

it('the death of a worker under a call is a reset of media and nothing else to those in it', async () => {
  const before = new Set(workerPids());
  await using sfu = await startTestSfu({ workerCount: 1 });
  await sfu.putRoom({ roomId: 'room' });
  const members: Member[] = [];
  for (const userId of userIds) {
    members.push(await join(await sfu.connect(userId)));
  }
  const [alice] = members;
  if (alice === undefined) {
    throw new Error('Nobody has joined.');
  }
  const others = members.slice(1);
  await consumersOf(
    alice,
    others.map(({ microphone }) => microphone),
  );
  const { consumers } = await alice.client.request('consume', {
    callId: alice.callId,
    producerIds: others.map(({ camera }) => camera),
  });
  expect(consumers).toHaveLength(others.length);

  workerPids()
    .filter((pid) => !before.has(pid))
    .forEach((pid) => process.kill(pid, 'SIGKILL'));
  await Promise.all(
    members.map(async (member) => {
      const old = member.media.sendTransport.id;
      member.media = (await member.client.next('mediaReset')).media;
      expect(member.media.sendTransport.id).not.toBe(old);
      expect(await produce(member)).toEqual([member.microphone, member.camera]);
    }),
  );
  // What she heard and what she saw, without having asked again.
  await consumersOf(
    alice,
    others.flatMap(({ microphone, camera }) => [microphone, camera]),
  );

  const { call } = await alice.client.request('getSnapshot', { callId: alice.callId });
  expect(call.participants.map(({ id, state }) => [id, state])).toEqual(
    members.map(({ participantId }) => [participantId, 'connected']),
  );
  const ends: NotificationName[] = [
    'participantLeft',
    'participantStateChanged',
    'producerRemoved',
    'callEnded',
  ];
  for (const { client } of members) {
    expect(client.unread.filter((name) => ends.includes(name))).toEqual([]);
  }
  const events: string[] = [];
  await sfu.backplane.callEvents
    .consume(async (batch) => void events.push(...batch.map(({ name }) => name)))
    .close();
  expect(events.filter((name) => name === 'callStarted')).toHaveLength(1);
  expect(events).not.toContain('callEnded');
});
