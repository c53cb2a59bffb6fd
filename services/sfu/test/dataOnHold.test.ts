import { parseDataMessage, type MediaOffer } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import type { OpenTransports } from '../src/media/ParticipantTransports.ts';
import type { ParticipantMedia } from '../src/media/mediaTypes.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';
import { SctpParticipant } from './support/SctpParticipant.ts';
import { startTestRouter, type TestRouter } from './support/testRouter.ts';
import { transportsWithoutIce } from './support/transportsWithoutIce.ts';

let world: MediaWorld;
let clients: TestRouter;
const ends = new Map<string, SctpParticipant>();

/** Real SCTP, with nothing below it that a client would have to be told. */
const openSctpTransports: OpenTransports = async ({ site, participantId }) => {
  const end = await SctpParticipant.open(site.router, clients.router);
  ends.set(participantId, end);

  return transportsWithoutIce({ send: end.sendTransport, receive: end.receiveTransport });
};

beforeEach(async () => {
  [world, clients] = await Promise.all([
    startMediaWorld({ workerCount: 1 }, { openTransports: openSctpTransports }),
    startTestRouter(),
  ]);
});

afterEach(async () => {
  ends.clear();
  await Promise.all([world[Symbol.asyncDispose](), clients[Symbol.asyncDispose]()]);
});

interface Member {
  readonly media: ParticipantMedia;
  readonly heard: string[];
  /** Opens the channels, over the transports that there are now. */
  open(): Promise<((text: string) => void) | undefined>;
}

async function member(call: PlainCall, id: string): Promise<Member> {
  const offer: MediaOffer = {
    rtpCapabilities: world.media.routerRtpCapabilities,
    dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
    sctpStreams: 16,
  };
  const media = await call.media.addParticipant(id, offer);
  const heard: string[] = [];

  return {
    media,
    heard,
    async open() {
      const end = ends.get(id);
      for (const consumer of media.parameters.dataConsumers) {
        await end?.listen(consumer, (message) => {
          const { participantId = '', payload } = parseDataMessage(message) ?? {};
          heard.push(`${participantId}: ${Buffer.from(payload ?? []).toString()}`);
        });
      }
      const transportId = media.parameters.sendTransport.id;

      return end?.openChannel('ordered', (sctpStreamParameters) =>
        media.produceData({ transportId, channel: 'ordered', sctpStreamParameters }),
      );
    },
  };
}

it('while somebody is on hold no message goes to them or comes from them, and afterwards it does again', async () => {
  const call = await world.createCall();
  const [anna, ben] = [await member(call, 'anna'), await member(call, 'ben')];
  const carl = await member(call, 'carl');
  const [annaSays, benSays] = [await anna.open(), await ben.open()];
  await carl.open();
  await anna.media.setOnHold(true);
  annaSays?.('from hold');
  benSays?.('to hold');
  const callMedia = call.media as MediasoupCallMedia;
  await expect.poll(() => callMedia.forwarding.data).toEqual({ passed: 1, dropped: 1 });
  await expect.poll(() => carl.heard).toEqual(['ben: to hold']);

  await anna.media.setOnHold(false);
  annaSays?.('from anna');
  benSays?.('to anna');
  await expect.poll(() => [anna.heard, ben.heard]).toEqual([['ben: to anna'], ['anna: from anna']]);
});

it('no message goes to somebody who was on hold when their media was moved, until they go on', async () => {
  const reset = new Set<string>();
  const call = await world.createCall({ onReset: (id) => reset.add(id) });
  const [anna, ben] = [await member(call, 'anna'), await member(call, 'ben')];
  const carl = await member(call, 'carl');
  await anna.media.setOnHold(true);
  await killWorker(busiestOf(world.pool.workers));
  await expect.poll(() => reset.size, { timeout: 10_000 }).toBe(3);
  const benSays = await ben.open();
  await Promise.all([anna.open(), carl.open()]);
  benSays?.('to hold');
  await expect.poll(() => carl.heard).toEqual(['ben: to hold']);

  await anna.media.setOnHold(false);
  benSays?.('to anna');
  await expect.poll(() => anna.heard.at(-1)).toBe('ben: to anna');
  expect(anna.heard).toEqual(['ben: to anna']);
});
