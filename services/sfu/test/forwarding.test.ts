import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import { openWebRtcTransports } from '../src/media/ParticipantTransports.ts';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
import { WebRtcClient } from './support/WebRtcClient.ts';

describe('the forwarding policy of a call', () => {
  let world: MediaWorld;

  beforeEach(async () => {
    world = await startMediaWorld({ workerCount: 1 });
  });

  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('tells a sender that nobody looks, and at once that somebody does', async () => {
    const wanted: (readonly [string, readonly boolean[]])[] = [];
    const call = await world.createCall({
      onEncodingsWanted: (participantId, _producerId, encodings) => wanted.push([participantId, encodings]),
    });
    const alice = await call.join('alice');
    const bob = await call.join('bob');
    const camera = await alice.produce('camera');
    await expect.poll(() => wanted, { timeout: 5_000 }).toEqual([['alice', [false]]]);

    // For a client that may have missed it.
    expect(alice.media.state?.encodingsWanted).toEqual([{ producerId: camera, wanted: [false] }]);
    await bob.show(camera);
    expect(wanted.at(-1)).toEqual(['alice', [true]]);
    expect(alice.media.state?.encodingsWanted).toEqual([{ producerId: camera, wanted: [true] }]);
    await bob.media.setOnHold(true);
    await expect.poll(() => wanted.at(-1), { timeout: 5_000 }).toEqual(['alice', [false]]);
  });

  it('puts the spotlight before what is small, and says so in its figures', async () => {
    const call = await world.createCall();
    const media = call.media as MediasoupCallMedia;
    const alice = await call.join('alice');
    const bob = await call.join('bob');
    const [consumer] = await bob.show(await alice.produce('camera'));
    const consumerId = consumer?.id ?? '';
    await bob.media.setViewports([{ consumerId, width: 160, height: 90 }]);
    expect(media.forwarding.pictures).toMatchObject({ flowingByLayer: [1, 0, 0], byPriority: { 1: 1 } });

    media.setSpotlight(['alice']);
    expect(media.forwarding.pictures.byPriority).toEqual({ 9: 1 });
  });

  it('says of every picture who sees it, who has it paused and who has not asked for it', async () => {
    const call = await world.createCall();
    const media = call.media as MediasoupCallMedia;
    const alice = await call.join('alice');
    const [bob] = [await call.join('bob'), await call.join('carol')];
    const camera = await alice.produce('camera');
    expect(media.forwarding.demand).toEqual({ forwarded: 0, paused: 0, notAskedFor: 2 });

    const [consumer] = await bob.show(camera);
    expect(media.forwarding.demand).toEqual({ forwarded: 1, paused: 0, notAskedFor: 1 });
    await bob.media.pauseConsumers([consumer?.id ?? '']);
    expect(media.forwarding.demand).toEqual({ forwarded: 0, paused: 1, notAskedFor: 1 });
    await bob.media.resumeConsumers([consumer?.id ?? '']);
    await bob.media.setOnHold(true);
    expect(media.forwarding.demand).toEqual({ forwarded: 0, paused: 1, notAskedFor: 1 });
  });

  it('gives everybody every picture where nobody need ask', async () => {
    const call = await world.createCall({}, { rulesOff: ['consumeOnRender'] });
    const alice = await call.join('alice');
    const before = await call.join('before');
    const camera = await alice.produce('camera');
    await before.hears(camera);
    const after = await call.join('after');
    await after.hears(camera);

    expect((call.media as MediasoupCallMedia).forwarding).toMatchObject({
      rulesOff: ['consumeOnRender'],
      demand: { notAskedFor: 0 },
    });
  });
});

describe('data channels', () => {
  it('are there from the start for a client that has them, and for no other', async () => {
    await using world = await startMediaWorld({ workerCount: 1 }, { openTransports: openWebRtcTransports });
    const call = await world.createCall();
    const client = await WebRtcClient.create();
    const offer = client.offer(world.media.routerRtpCapabilities);
    const without = await call.media.addParticipant('without', offer);
    const media = await call.media.addParticipant('with', { ...offer, sctpStreams: 1024 });
    client.close();
    const { sendTransport, dataConsumers } = media.parameters;

    expect(without.parameters.dataConsumers).toEqual([]);
    expect(without.parameters.sendTransport.sctpParameters).toBeUndefined();
    expect(sendTransport.sctpParameters).toMatchObject({ maxMessageSize: expect.any(Number) });
    expect(dataConsumers).toMatchObject([
      { channel: 'ordered', sctpStreamParameters: { ordered: true } },
      { channel: 'lossy', sctpStreamParameters: { ordered: false, maxPacketLifeTime: 150 } },
    ]);
  });

  it('are opened over the present transport, once each', async () => {
    await using world = await startMediaWorld({ workerCount: 1 }, { openTransports: openWebRtcTransports });
    const call = await world.createCall();
    const client = await WebRtcClient.create();
    const offer = { ...client.offer(world.media.routerRtpCapabilities), sctpStreams: 1024 };
    const media = await call.media.addParticipant('alice', offer);
    client.close();
    const transportId = media.parameters.sendTransport.id;
    const sctpStreamParameters = { streamId: 1, ordered: true };
    await media.produceData({ transportId, channel: 'ordered', sctpStreamParameters });

    await expect(
      media.produceData({ transportId, channel: 'ordered', sctpStreamParameters: { streamId: 2 } }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(
      media.produceData({ transportId: 'former', channel: 'lossy', sctpStreamParameters: { streamId: 3 } }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
