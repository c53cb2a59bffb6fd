import { parseDataMessage, type MediaOffer } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import type { OpenTransports } from '../src/media/ParticipantTransports.ts';
import type { ParticipantMedia } from '../src/media/mediaTypes.ts';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
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
  readonly say: ((text: string) => void) | undefined;
}

it('while somebody is on hold no message goes to them or comes from them, and afterwards it does again', async () => {
  const call = await world.createCall();
  const [anna, ben, carl] = [await member('anna'), await member('ben'), await member('carl')];
  await anna.media.setOnHold(true);
  anna.say?.('from hold');
  ben.say?.('to hold');
  const callMedia = call.media as MediasoupCallMedia;
  await expect.poll(() => callMedia.forwarding.data).toEqual({ passed: 1, dropped: 1 });
  await expect.poll(() => carl.heard).toEqual(['ben: to hold']);

  await anna.media.setOnHold(false);
  anna.say?.('from anna');
  ben.say?.('to anna');
  await expect.poll(() => [anna.heard, ben.heard]).toEqual([['ben: to anna'], ['anna: from anna']]);

  async function member(id: string): Promise<Member> {
    const offer: MediaOffer = {
      rtpCapabilities: world.media.routerRtpCapabilities,
      dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
      sctpStreams: 16,
    };
    const media = await call.media.addParticipant(id, offer);
    const end = ends.get(id);
    const heard: string[] = [];
    for (const consumer of media.parameters.dataConsumers) {
      await end?.listen(consumer, (message) => {
        const { participantId = '', payload } = parseDataMessage(message) ?? {};
        heard.push(`${participantId}: ${Buffer.from(payload ?? []).toString()}`);
      });
    }
    const transportId = media.parameters.sendTransport.id;
    const say = await end?.openChannel('ordered', (sctpStreamParameters) =>
      media.produceData({ transportId, channel: 'ordered', sctpStreamParameters }),
    );

    return { media, heard, say };
  }
});
