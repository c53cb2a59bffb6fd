import type { Joined, Role } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { applicationId, startTestSfu, type TestSfu } from './support/testSfu.ts';

/** Alice and Bob are in a room, where Bob sends his microphone. */
async function meet(sfu: TestSfu) {
  await sfu.putRoom({ roomId: 'room' });
  const [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
  await alice.enter('joinRoom', { roomId: 'room', media: await alice.offer() });
  const joined = await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });
  const ofBob = { callId: joined.call.id, participantId: joined.participantId };
  const producerId = await sendMicrophone(bob, joined);
  await alice.next('producerAdded');

  return { alice, bob, joined, ofBob, producerId };
}

async function sendMicrophone(client: TestClient, { call, media }: Joined): Promise<string> {
  const { producerId } = await client.request('produce', {
    callId: call.id,
    transportId: media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });

  return producerId;
}

const consumes = async (client: TestClient, callId: string, producerId: string) =>
  (await client.request('consume', { callId, producerIds: [producerId] })).consumers.length;

describe('a change of the room', () => {
  it('takes a role away, with the streams that need it, from somebody who is in the call', async () => {
    await using sfu = await startTestSfu();
    const { alice, bob, joined, ofBob, producerId } = await meet(sfu);
    const { callId } = ofBob;
    expect(await consumes(alice, callId, producerId)).toBe(1);
    const role: Role = 'consumer';
    await sfu.putRoom({ roomId: 'room', roster: { bob: role } });

    for (const client of [alice, bob]) {
      expect(await client.next('roleChanged')).toEqual({ ...ofBob, role });
      expect(await client.next('producerRemoved')).toEqual({ ...ofBob, producerId });
    }
    expect(await consumes(alice, callId, producerId)).toBe(0);
    await sfu.putRoom({ roomId: 'room' });
    expect(await bob.next('roleChanged')).toEqual({ ...ofBob, role: 'collaborator' });
    // The worker has forgotten the stream too: the same one can be sent anew.
    expect(await consumes(alice, callId, await sendMicrophone(bob, joined))).toBe(1);
  });
});

describe('a command to the node', () => {
  it('mutes, removes and ends, over the backplane', async () => {
    await using sfu = await startTestSfu();
    const { alice, bob, ofBob, producerId } = await meet(sfu);
    const { nodeCommands, callDirectory } = sfu.backplane;
    const { callId, participantId } = ofBob;
    const live = await callDirectory.find(applicationId, callId);
    const nodeId = live?.nodeId ?? 'none';

    await nodeCommands.send(nodeId, { name: 'muteParticipant', applicationId, callId, participantId });
    for (const client of [alice, bob]) {
      expect(await client.next('producerPaused')).toEqual({ ...ofBob, producerId });
    }
    await bob.request('resumeProducer', { callId, producerId });
    expect(await alice.next('producerResumed')).toEqual({ ...ofBob, producerId });

    await nodeCommands.send(nodeId, { name: 'removeParticipant', applicationId, callId, participantId });
    expect(await bob.next('callEnded')).toEqual({ callId, reason: 'removed' });
    expect(await alice.next('participantLeft')).toEqual({ ...ofBob, reason: 'removed' });

    await nodeCommands.send(nodeId, { name: 'endCall', applicationId, callId });
    expect(await alice.next('callEnded')).toEqual({ callId, reason: 'server_ended' });
    await expect(nodeCommands.send(nodeId, { name: 'endCall', applicationId, callId })).rejects.toMatchObject(
      { code: 'call_not_found' },
    );
  });

  it('is unavailable once the node was closed', async () => {
    await using sfu = await startTestSfu();
    await sfu.sfu.close();

    await expect(
      sfu.backplane.nodeCommands.send('node-1', { name: 'endCall', applicationId, callId: 'call' }),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });
});
