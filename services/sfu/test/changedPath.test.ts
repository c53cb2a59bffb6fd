import type { types } from 'mediasoup';
import { expect, it, vi } from 'vitest';
import { CallSite } from '../src/media/CallSite.ts';
import { mediaLimitsWith } from '../src/media/mediaLimits.ts';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import { openWebRtcTransports, type ParticipantTransports } from '../src/media/ParticipantTransports.ts';
import { startMediaWorld } from './support/mediaWorld.ts';
import { busiestOf } from './support/mediaWorkers.ts';
import { openPlainTransports } from './support/plainTransports.ts';

type Direction = 'send' | 'receive';

it('a client is said to come by another path when there was one before, and by which direction', async () => {
  await using world = await startMediaWorld({ workerCount: 1 });
  const transports = await openWebRtcTransports({
    site: await CallSite.create(busiestOf(world.pool.workers)),
    participantId: 'alice',
    offer: {
      rtpCapabilities: world.media.routerRtpCapabilities,
      dtlsFingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AA').join(':') }],
    },
    limits: mediaLimitsWith(),
  });
  const rerouted: Direction[] = [];
  transports.onRerouted((direction) => rerouted.push(direction));
  const take = (direction: Direction): void => {
    // In the place of a browser's, which alone can change its network.
    (transports[direction] as types.WebRtcTransport).emit(
      'iceselectedtuplechange',
      {} as types.TransportTuple,
    );
  };

  take('send');
  take('receive');
  expect(rerouted).toEqual([]);
  take('receive');
  expect(rerouted).toEqual(['receive']);
  take('send');
  expect(rerouted).toEqual(['receive', 'send']);
});

it('key frames are asked for of every picture that was lost in part while a path changed', async () => {
  const rerouted = new Map<string, (direction: Direction) => void>();
  await using world = await startMediaWorld(
    { workerCount: 1 },
    {
      async openTransports(options): Promise<ParticipantTransports> {
        const transports = await openPlainTransports(options);

        return Object.assign(transports, {
          onRerouted: (listener: (direction: Direction) => void) =>
            void rerouted.set(options.participantId, listener),
        });
      },
    },
  );
  const call = await world.createCall();
  const [alice, bob] = [await call.join('alice'), await call.join('bob')];
  const carol = await call.join('carol');
  const [camera, screen] = [await alice.produce('camera'), await bob.produce('screen')];
  await Promise.all([bob.show(camera), carol.show(camera), carol.show(screen)]);
  const asked: string[] = [];
  for (const { id, receptions } of (call.media as MediasoupCallMedia).participants) {
    for (const { stream, consumer } of receptions.all) {
      const ask = consumer && vi.spyOn(consumer, 'requestKeyFrame');
      ask?.mockImplementation(async () => void asked.push(`${stream.source} for ${id}`));
    }
  }

  rerouted.get('carol')?.('receive');
  expect(asked.splice(0).toSorted()).toEqual(['camera for carol', 'screen for carol']);
  rerouted.get('alice')?.('send');
  expect(asked.toSorted()).toEqual(['camera for bob', 'camera for carol']);
});
