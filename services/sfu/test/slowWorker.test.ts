import { expect, it } from 'vitest';
import { opusParameters } from './support/rtpParameters.ts';
import { startTestSfu } from './support/testSfu.ts';
import { workerPids } from './support/workerPids.ts';

it('a request that waits for the worker holds back nothing that happens in the call', async () => {
  const before = new Set(workerPids());
  await using sfu = await startTestSfu();
  await sfu.putRoom({ roomId: 'room' });
  const [alice, bob, carol] = [
    await sfu.connect('alice'),
    await sfu.connect('bob'),
    await sfu.connect('carol'),
  ];
  const enter = async (client: typeof alice) =>
    client.enter('joinRoom', { roomId: 'room', media: await client.offer() });
  const callId = (await enter(alice)).call.id;
  const { participantId } = await enter(bob);
  const { media } = await enter(carol);
  const microphone = {
    callId,
    transportId: media.sendTransport.id,
    source: 'microphone',
    paused: false,
    rtpParameters: opusParameters(),
  } as const;
  const { producerId } = await carol.request('produce', microphone);

  const [worker = 0] = workerPids().filter((pid) => !before.has(pid));
  process.kill(worker, 'SIGSTOP');
  const consuming = alice.request('consume', { callId, producerIds: [producerId] });
  await bob.request('leaveCall', { callId });
  expect(await alice.next('participantLeft')).toMatchObject({ participantId });

  process.kill(worker, 'SIGCONT');
  expect((await consuming).consumers).toMatchObject([{ producerId }]);
});
