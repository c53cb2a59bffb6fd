import { describe, expect, it } from 'vitest';
import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { featureHost } from '../testing/featureHost.ts';
import { consumerOf, joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';

/** Bob's microphone, which is heard at once. */
async function callWithBobsSound() {
  const parts = await connectedCall();
  parts.server.notify('producerAdded', {
    callId,
    participantId: 'bob-1',
    producer: { id: 'bob-mic', source: 'microphone', paused: false },
  });
  parts.server.notify('consumersAdded', { callId, consumers: [consumerOf('bob-mic')] });
  await nextTurn();

  return { ...parts, host: parts.call.feature(featureHost) };
}

describe('a feature of a call', () => {
  it('is one object for one factory, by both names, and another one in another call', async () => {
    const { client, call } = await connectedCall();
    const factory: CallFeatureFactory<object> = () => ({});

    expect(call.feature(factory)).toBe(call.feature(factory));
    expect(call.api(factory)).toBe(call.feature(factory));
    expect(call.feature(() => ({}))).not.toBe(call.feature(factory));
    expect(client.join({ roomId: 'room-1' }).feature(factory)).not.toBe(call.feature(factory));
  });

  it.each([undefined, null, 'MediaStats', {}])('is not to be had for %j', async (factory) => {
    const { call } = await connectedCall();

    expect(() => call.feature(factory as never)).toThrow(TypeError);
    expect(() => call.api(factory as never)).toThrow(TypeError);
  });

  it('can be had before the call is entered, and finds nothing there', async () => {
    const { client } = await createTestClient();
    const host = client.join({ roomId: 'room-1' }).feature(featureHost);

    expect(host.streams).toEqual([]);
    expect(await host.getStats()).toBeUndefined();
    expect(host.network).toEqual({
      isConnectionLost: false,
      isPathBroken: false,
      hasRelayFailed: false,
      weakSenders: [],
    });
  });

  it('made before the end of the call is still there after it, and a new one is not', async () => {
    const { call } = await connectedCall();
    const made = call.feature(featureHost);
    await call.hangUp();

    expect(call.feature(featureHost)).toBe(made);
    expect(() => call.feature(() => ({}))).toThrow(expect.objectContaining({ code: 'invalid_state' }));
    expect(() => made.assertLive()).toThrow(expect.objectContaining({ code: 'invalid_state' }));
  });

  it.each(['hung up', 'ended by the server'])('ends with a call that is %s', async (how) => {
    const { call, server } = await connectedCall();
    let ended = 0;
    call.feature((host: CallFeatureHost) => host.onEnd(() => (ended += 1)));

    if (how === 'hung up') {
      await call.hangUp();
    } else {
      server.notify('callEnded', { callId, reason: 'server_ended' });
    }

    expect(ended).toBe(1);
  });
});

describe('what a feature is given', () => {
  it('names what is sent and received, and says what should flow', async () => {
    const { call, host, server } = await callWithBobsSound();
    const [participant] = call.remoteParticipants;
    const sent = { direction: 'send', mid: 'microphone', source: 'microphone', participant: undefined };
    const received = { direction: 'receive', mid: 'mid-of-bob-mic', source: 'microphone', participant };

    expect(host.streams).toEqual([
      { ...sent, isFlowing: true },
      { ...received, isFlowing: true },
    ]);

    await call.mute();
    server.notify('producerPaused', { callId, participantId: 'bob-1', producerId: 'bob-mic' });

    expect(host.streams).toEqual([
      { ...sent, isFlowing: false },
      { ...received, isFlowing: false },
    ]);
  });

  it('names the sound of a slot by whom the slot carries, and not at all while it carries nobody', async () => {
    const { call, host, server } = await callWithBobsSound();
    const slot = { slotId: 'mic-slot' };
    const streamOfSlot = () => host.streams.find(({ mid }) => mid === 'mid-of-mic-slot');
    server.notify('audioSlotsChanged', { callId, audioSlots: [{ ...slot, producerId: 'bob-mic' }] });
    server.notify('consumersAdded', { callId, consumers: [consumerOf('mic-slot')] });
    await nextTurn();

    expect(streamOfSlot()).toMatchObject({ participant: call.remoteParticipants[0], source: 'microphone' });

    server.notify('audioSlotsChanged', { callId, audioSlots: [slot] });

    expect(streamOfSlot()).toBeUndefined();
  });

  it('is the statistics of the present transports', async () => {
    const { host, media, server } = await callWithBobsSound();
    const before = media.session;
    server.notify('mediaReset', {
      callId,
      media: { ...joined('room', 'connected').media, consumers: [consumerOf('bob-mic')] },
    });
    await nextTurn();

    expect(media.session).not.toBe(before);
    expect(await host.getStats()).toBe(media.session.stats);
    expect(host.streams.map(({ mid }) => mid)).toEqual(['microphone', 'mid-of-bob-mic']);
  });

  it('is no statistics, and no rejection, of transports that are closed', async () => {
    const { host, media } = await callWithBobsSound();
    media.session.getStats = () => Promise.reject(new Error('closed'));

    expect(await host.getStats()).toBeUndefined();
  });

  it('tells a lost connection from a broken path, and of relays that failed', async () => {
    const { host, media, server } = await callWithBobsSound();

    media.session.options.onPathChanged('disconnected');
    media.session.hasRelayFailed = true;
    expect(host.network).toEqual({
      isConnectionLost: false,
      isPathBroken: true,
      hasRelayFailed: true,
      weakSenders: [],
    });
    media.session.options.onPathChanged('connected');
    media.session.hasRelayFailed = false;
    server.drop();

    expect(host.network).toEqual({
      isConnectionLost: true,
      isPathBroken: false,
      hasRelayFailed: false,
      weakSenders: [],
    });
  });

  it('names whose media reaches the server badly, those of a snapshot, too, and nobody who has left', async () => {
    const { call, host, server } = await callWithBobsSound();
    const [bob] = call.remoteParticipants;

    server.notify('weakSendersChanged', { callId, participantIds: ['alice-1', 'bob-1'] });
    expect(host.network.weakSenders).toEqual([bob]);
    server.notify('weakSendersChanged', { callId, participantIds: [] });
    expect(host.network.weakSenders).toEqual([]);

    server.on('joinRoom', () => {
      const answer = joined('room', 'connected');

      return { ...answer, call: { ...answer.call, id: 'call-2', weakSenders: ['bob-1', 'carol-1'] } };
    });
    const second = await connectedCall(server);
    expect(second.call.feature(featureHost).network.weakSenders).toEqual(second.call.remoteParticipants);
  });

  it('tells the track of the microphone, each that follows, and that there is none any more', async () => {
    const { call, client, devices } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    const labels: (string | undefined)[] = [];
    const unwatch = call.feature(featureHost).watchMicrophone((track) => labels.push(track?.label));
    const [, second] = await client.deviceManager.getMicrophoneList();

    await client.deviceManager.setMicrophone(second as never);
    await call.hangUp();

    expect(labels).toEqual(['The mic-1', 'The mic-2', undefined]);
    unwatch();
  });

  it('tells each try to open a device, and how it went, until it is unsubscribed', async () => {
    const { call, devices } = await connectedCall();
    const outcomes: unknown[] = [];
    const unwatch = call.feature(featureHost).watchCaptures((opened, opening) => {
      opening.then(
        () => outcomes.push([...opened, 'opened']),
        (error: { code: string; device: string }) => outcomes.push([...opened, error.code, error.device]),
      );
    });

    devices.refusals.video = 'NotReadableError';
    await call.startVideo().catch(() => {});
    delete devices.refusals.video;
    await call.startVideo();
    await call.startScreenSharing();
    unwatch();
    await call.stopVideo();
    await call.startVideo();

    expect(outcomes).toEqual([
      ['camera', 'device_busy', 'camera'],
      ['camera', 'opened'],
      ['screen', 'opened'],
    ]);
  });
});
