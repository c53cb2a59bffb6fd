import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallSite } from '../src/media/CallSite.ts';
import { mediaLimitsWith } from '../src/media/mediaLimits.ts';
import { openWebRtcTransports, type ParticipantTransports } from '../src/media/ParticipantTransports.ts';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
import { SimulcastSender } from './support/SimulcastSender.ts';
import { WebRtcClient } from './support/WebRtcClient.ts';

let world: MediaWorld;
let site: CallSite;
let client: WebRtcClient;
let transports: ParticipantTransports;

beforeEach(async () => {
  world = await startMediaWorld({ workerCount: 1 });
  const [worker] = world.pool.workers;
  site = await CallSite.create(worker ?? expect.fail());
  client = await WebRtcClient.create();
  transports = await openWebRtcTransports({
    site,
    participantId: 'alice',
    offer: client.offer(world.media.routerRtpCapabilities),
    limits: mediaLimitsWith({ incomingBitrate: 1_234_000 }),
  });
});

afterEach(async () => {
  client.close();
  await world[Symbol.asyncDispose]();
});

describe('the transports of a participant', () => {
  it.each(['sendTransport', 'receiveTransport'] as const)(
    'can be reached over TCP where UDP does not get through: %s',
    async (direction) => {
      const transport = transports.parameters[direction];

      expect(transport.iceCandidates.map(({ protocol }) => protocol).toSorted()).toEqual(['tcp', 'udp']);
      expect(await client.connect(transport, 'tcp')).toBe('connected');
    },
  );

  it('ask for no more to be sent than is allowed, and limit nothing that is received', async () => {
    const [sending, receiving] = await Promise.all([
      transports.send.getStats(),
      transports.receive.getStats(),
    ]);

    expect(sending).toMatchObject([{ maxIncomingBitrate: 1_234_000 }]);
    expect(receiving[0]).not.toMatchObject({ maxIncomingBitrate: expect.any(Number) });
  });

  it('begin with enough for the largest encoding of a camera', async () => {
    const sender = await SimulcastSender.open(site.router, 'ben');
    await client.connect(transports.parameters.receiveTransport);
    const consumer = await transports.receive.consume({
      producerId: sender.stream.id,
      rtpCapabilities: site.router.rtpCapabilities,
    });
    const layers: (number | undefined)[] = [];
    consumer.on('layerschange', (current) => layers.push(current?.spatialLayer));

    // The estimate stays where it began: this client says nothing of what arrives.
    await expect.poll(() => layers.at(-1), { timeout: 5_000 }).toBe(2);
    const stats = await transports.receive.getStats();
    expect(stats).toMatchObject([{ availableOutgoingBitrate: 3_000_000 }]);
    sender.close();
  });

  it('carry no more of a picture than its receiver wants, and more again when that is lifted', async () => {
    const sender = await SimulcastSender.open(site.router, 'ben');
    await client.connect(transports.parameters.receiveTransport);
    await transports.receive.setMaxOutgoingBitrate(200_000);
    const consumer = await transports.receive.consume({
      producerId: sender.stream.id,
      rtpCapabilities: site.router.rtpCapabilities,
    });
    const layers: (number | undefined)[] = [];
    consumer.on('layerschange', (current) => layers.push(current?.spatialLayer));

    await expect.poll(() => layers.at(-1), { timeout: 5_000 }).toBe(0);
    await transports.receive.setMaxOutgoingBitrate(0);
    await expect.poll(() => layers.at(-1), { timeout: 5_000 }).toBe(2);
    sender.close();
  });
});
