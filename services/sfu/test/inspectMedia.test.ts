import { pino } from 'pino';
import { expect, it } from 'vitest';
import { inspectParticipant } from '../src/media/inspectMedia.ts';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import { openWebRtcTransports } from '../src/media/ParticipantTransports.ts';
import { startMediaWorld } from './support/mediaWorld.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';
import { WebRtcClient } from './support/WebRtcClient.ts';

it('a picture is counted and shown in the layer that is forwarded, with all that an operator asks of it', async () => {
  await using world = await startMediaWorld({ workerCount: 1 });
  const call = await world.createCall();
  const [alice, bob] = [await call.join('alice'), await call.join('bob')];
  const producerId = await alice.produce('camera', 'video/VP8', 3);
  const [consumer] = await bob.show(producerId);
  const consumerId = consumer?.id ?? 'none';
  await bob.media.setViewports([{ consumerId, width: 1280, height: 720 }]);

  const forwarded = { kind: 'video', state: 'forwarded', layer: 2, count: 1 };
  await expect.poll(() => world.media.counts.consumers, { timeout: 10_000 }).toContainEqual(forwarded);
  await expect
    .poll(async () => (await call.media.inspect()).participants, { timeout: 10_000 })
    .toMatchObject([
      {
        participantId: 'alice',
        producers: [{ id: producerId, source: 'camera', isPaused: false, scores: [10, 10, 10] }],
        consumers: [],
      },
      {
        participantId: 'bob',
        producers: [],
        consumers: [
          {
            producerId,
            kind: 'video',
            id: consumerId,
            isFlowing: true,
            viewport: { width: 1280, height: 720 },
            preferredLayers: { spatialLayer: 2 },
            currentLayers: { spatialLayer: 2 },
            priority: expect.any(Number) as number,
          },
        ],
      },
    ]);
});

it('the dump says how a client got through, as soon as it did', async () => {
  await using world = await startMediaWorld({ workerCount: 1 }, { openTransports: openWebRtcTransports });
  const call = await world.createCall();
  const client = await WebRtcClient.create();
  const media = await call.media.addParticipant('alice', client.offer(world.media.routerRtpCapabilities));
  const callMedia = call.media as MediasoupCallMedia;
  const through = async (): Promise<string[]> => {
    const dumps = await Promise.all(callMedia.participants.map(inspectParticipant));

    return dumps.flatMap(({ transports }) =>
      transports.map(({ direction, protocol = 'not yet' }) => `${direction}: ${protocol}`),
    );
  };
  expect(await through()).toEqual(['send: not yet', 'receive: not yet']);

  await client.connect(media.parameters.sendTransport);
  expect(await through()).toEqual(['send: udp', 'receive: not yet']);
  client.close();
});

it('the log names the call whose media was moved', async () => {
  const lines: { msg: string; callId?: string }[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  await using world = await startMediaWorld({}, { logger });
  const call = await world.createCall();
  await call.join('alice');
  await killWorker(busiestOf(world.pool.workers));
  await call.allReset(1);

  const moved = { msg: 'media moved after the loss of a worker', callId: 'call', participants: 1 };
  await expect.poll(() => lines).toContainEqual(expect.objectContaining(moved));
});
