import { systemClock } from '@parley/kit';
import { callSettingsWith, type ForwardingRule } from '@parley/protocol';
import type { types } from 'mediasoup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reception } from '../src/media/Reception.ts';
import { fromMediasoupCapabilities, toTransportParameters } from '../src/media/rtpMapping.ts';
import { CallPictures } from '../src/media/video/CallPictures.ts';
import { layerOf, SimulcastSender } from './support/SimulcastSender.ts';
import { startTestRouter, type TestRouter } from './support/testRouter.ts';
import { WebRtcClient } from './support/WebRtcClient.ts';

const filmstrip = { width: 240, height: 135 };
const tile = { width: 640, height: 360 };
const stage = { width: 1280, height: 720 };

let site: TestRouter;
let pictures: CallPictures;
let wanted: (readonly [string, readonly boolean[]])[];
const senders: SimulcastSender[] = [];

beforeEach(async () => {
  site = await startTestRouter();
  callWith([]);
});

afterEach(async () => {
  pictures.close();
  senders.splice(0).forEach((sender) => sender.close());
  await site[Symbol.asyncDispose]();
});

function callWith(rulesOff: ForwardingRule[]): void {
  wanted = [];
  pictures = new CallPictures({
    settings: callSettingsWith({ rulesOff }),
    clock: systemClock,
    onEncodingsWanted: (participantId, _producerId, encodings) => wanted.push([participantId, encodings]),
  });
}

async function camera(participantId: string): Promise<SimulcastSender> {
  const sender = await SimulcastSender.open(site.router, participantId);
  senders.push(sender);
  pictures.streamOpened(sender.stream);

  return sender;
}

/** Receives the picture as a participant does. */
async function receive({ stream }: SimulcastSender, transport: types.Transport): Promise<Reception> {
  const consumer = await transport.consume({
    producerId: stream.id,
    rtpCapabilities: site.router.rtpCapabilities,
  });

  return { stream, consumer, isPaused: false, isOwn: false, viewport: undefined, making: undefined };
}

function show(reception: Reception, size: { width: number; height: number } | undefined): void {
  reception.viewport = size && { consumerId: reception.consumer?.id ?? '', ...size };
  pictures.changed(reception, true);
}

describe('what is forwarded of a picture', () => {
  it('is the layer that suits the size it is shown in, and follows when that changes', async () => {
    const sender = await camera('anna');
    const reception = await receive(sender, await site.directTransport());
    let layer: number | undefined;
    reception.consumer?.on('rtp', (packet) => (layer = layerOf(packet)));

    for (const [size, expected] of [
      [filmstrip, 0],
      [stage, 2],
      [tile, 1],
    ] as const) {
      show(reception, size);
      await expect.poll(() => layer, { timeout: 5_000 }).toBe(expected);
    }
  });

  it('is another one when its sender goes on with a camera of another size', async () => {
    const sender = await camera('anna');
    const reception = await receive(sender, await site.directTransport());
    show(reception, tile);
    await expect.poll(() => reception.consumer?.preferredLayers?.spatialLayer).toBe(1);

    sender.stream.size = { width: 640, height: 360 };
    pictures.streamResized(sender.stream);

    await expect.poll(() => reception.consumer?.preferredLayers?.spatialLayer).toBe(2);
  });

  it('is asked for once when a window is dragged to another size', async () => {
    const reception = await receive(await camera('anna'), await site.directTransport());
    show(reception, stage);
    await expect.poll(() => reception.consumer?.preferredLayers?.spatialLayer).toBe(2);
    const asked: (number | undefined)[] = [];
    const timer = setInterval(() => asked.push(reception.consumer?.preferredLayers?.spatialLayer), 1);
    for (const size of [tile, filmstrip, tile, filmstrip, tile, filmstrip]) {
      show(reception, size);
    }
    await expect.poll(() => reception.consumer?.preferredLayers?.spatialLayer).toBe(0);
    clearInterval(timer);

    expect(asked).not.toContain(1);
  });

  it('is the largest layer, however small it is shown, when the rule is off', async () => {
    callWith(['layerBySize']);
    const reception = await receive(await camera('anna'), await site.directTransport());
    let layer: number | undefined;
    reception.consumer?.on('rtp', (packet) => (layer = layerOf(packet)));
    show(reception, filmstrip);

    await expect.poll(() => layer, { timeout: 5_000 }).toBe(2);
  });
});

describe('when bandwidth is short', () => {
  let client: WebRtcClient;
  let transport: types.WebRtcTransport;

  beforeEach(async () => {
    client = await WebRtcClient.create();
    const { dtlsFingerprints } = client.offer(fromMediasoupCapabilities(site.router.rtpCapabilities));
    transport = await site.router.createWebRtcTransport({
      listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
      // The estimate stays there: this client says nothing of what arrives.
      initialAvailableOutgoingBitrate: 1_600_000,
    });
    await transport.connect({ dtlsParameters: { role: 'client', fingerprints: dtlsFingerprints } });
    await client.connect(toTransportParameters(transport));
  });

  afterEach(() => client.close());

  /** Both want their top layer, for which there is room once; `favoured` says who has it. */
  async function two(): Promise<{ one: Reception; other: Reception; favoured: () => string | undefined }> {
    const one = await receive(await camera('anna'), transport);
    const other = await receive(await camera('ben'), transport);
    show(one, stage);
    show(other, stage);

    return {
      one,
      other,
      favoured() {
        const top = [one, other].filter(({ consumer }) => consumer?.currentLayers?.spatialLayer === 2);

        return top.length === 1 ? top[0]?.stream.participantId : undefined;
      },
    };
  }

  it('whoever is in the spotlight has their layers first, and who is next in it has them then', async () => {
    const { favoured } = await two();
    pictures.setSpotlight(['ben']);
    await expect.poll(favoured, { timeout: 10_000 }).toBe('ben');

    pictures.setSpotlight(['anna']);
    await expect.poll(favoured, { timeout: 10_000 }).toBe('anna');
  });

  it('the dominant speaker has theirs first, and the priorities are to be seen in the figures', async () => {
    const { one, other, favoured } = await two();
    pictures.setDominant('anna');
    await expect.poll(favoured, { timeout: 10_000 }).toBe('anna');

    expect(pictures.stats.byPriority).toEqual({
      [one.consumer?.priority ?? 0]: 1,
      [other.consumer?.priority ?? 0]: 1,
    });
    expect(one.consumer?.priority).toBeGreaterThan(other.consumer?.priority ?? Infinity);
  });
});

describe('an encoding', () => {
  it('that nobody wants is told to its sender, and at once when somebody does', async () => {
    const sender = await camera('anna');
    const transport = await site.directTransport();
    const receptions = [await receive(sender, transport), await receive(sender, transport)];
    receptions.forEach((reception) => show(reception, filmstrip));
    await expect.poll(() => wanted, { timeout: 5_000 }).toEqual([['anna', [true, false, false]]]);
    expect(pictures.stats).toMatchObject({ flowingByLayer: [2, 0, 0], suspendedEncodings: 2 });

    const [first] = receptions;
    if (first !== undefined) {
      show(first, tile);
    }
    expect(wanted.at(-1)).toEqual(['anna', [true, true, false]]);
  });

  it('is wanted by nobody when nothing is forwarded, and is all that is sent anew', async () => {
    const sender = await camera('anna');
    const reception = await receive(sender, await site.directTransport());
    show(reception, stage);
    pictures.changed(reception, false);
    await expect.poll(() => wanted, { timeout: 5_000 }).toEqual([['anna', [false, false, false]]]);

    pictures.streamOpened(sender.stream);
    expect(wanted.at(-1)).toEqual(['anna', [true, true, true]]);
  });

  it('is never spoken of when the rule is off', async () => {
    callWith(['suspendEncodings']);
    const reception = await receive(await camera('anna'), await site.directTransport());
    show(reception, filmstrip);
    const { wanted: told, pictures: withRule } = { wanted, pictures };
    callWith([]);
    await camera('ben');
    await expect.poll(() => wanted, { timeout: 5_000 }).toEqual([['ben', [false, false, false]]]);
    withRule.close();

    expect(told).toEqual([]);
  });
});
