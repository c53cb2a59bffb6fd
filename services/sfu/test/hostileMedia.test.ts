import { createSocket, type Socket } from 'node:dgram';
import { createDeferred } from '@parley/kit';
import { rtpParametersSchema, type RtpParameters } from '@parley/protocol';
import type { types } from 'mediasoup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toMediasoupParameters } from '../src/media/rtpMapping.ts';
import { standardMediaLimits, type MediaLimits } from '../src/media/mediaLimits.ts';
import { SendingLimit } from '../src/media/SendingLimit.ts';
import { SentTallies } from '../src/media/SentTallies.ts';
import { transportStats, type TransportStats } from '../src/media/transportStats.ts';
import { startMediaWorld } from './support/mediaWorld.ts';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import { startTestRouter, type TestRouter } from './support/testRouter.ts';

type Encoding = NonNullable<RtpParameters['encodings']>[number];

const audio = { kind: 'audio', payloadType: 111, mid: '0' } as const;
const video = { kind: 'video', payloadType: 96, mid: '1' } as const;

let site: TestRouter;
let transport: types.PlainTransport;
let socket: Socket;
let sequence: number;

beforeEach(async () => {
  site = await startTestRouter();
  transport = await site.router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    comedia: true,
  });
  socket = createSocket('udp4');
  sequence = 0;
});

afterEach(async () => {
  socket.close();
  await site[Symbol.asyncDispose]();
});

/** Produces as a client may who says this of what it will send. */
function produce(media: typeof audio | typeof video, encodings: Encoding[]): Promise<types.Producer> {
  const { headerExtensions } = vp8Parameters();
  const of = media.kind === 'audio' ? { ...opusParameters(), headerExtensions } : vp8Parameters();
  const rtpParameters = toMediasoupParameters(media.kind, rtpParametersSchema.parse({ ...of, encodings }));

  return transport.produce({ kind: media.kind, rtpParameters });
}

/** Sends a packet with the header extensions of `vp8Parameters`, in which a RID may be one of a repair. */
async function send(
  { mid, payloadType }: { readonly mid: string; readonly payloadType: number },
  ssrc: number,
  names: { readonly rid?: string; readonly repairedRid?: string } = {},
): Promise<void> {
  const { rid, repairedRid } = names;
  const elements = Buffer.concat([element(4, mid), element(10, rid), element(11, repairedRid)]);
  const words = Math.ceil(elements.length / 4);
  const packet = Buffer.alloc(16 + 4 * words + 40, 0x10);
  packet.writeUInt8(0b1001_0000, 0);
  packet.writeUInt8(payloadType, 1);
  packet.writeUInt16BE((sequence += 1), 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt16BE(0xbede, 12);
  packet.writeUInt16BE(words, 14);
  packet.fill(0, 16, 16 + 4 * words);
  elements.copy(packet, 16);
  await new Promise((resolve) => socket.send(packet, transport.tuple.localPort, '127.0.0.1', resolve));
}

function element(id: number, value = ''): Buffer {
  return value === ''
    ? Buffer.alloc(0)
    : Buffer.concat([Buffer.from([(id << 4) | (value.length - 1)]), Buffer.from(value)]);
}

/** The SSRCs whose packets the worker has taken for the producer's, once it has seen what was sent. */
async function taken(producer: types.Producer, packets: number): Promise<number[]> {
  const stats = async (): Promise<types.ProducerStat[]> => (site.worker.died ? [] : producer.getStats());
  const count = async (): Promise<number> =>
    (await stats()).reduce((sum, { packetCount }) => sum + packetCount, 0);
  await expect.poll(async () => site.worker.died || (await count()) >= packets).toBe(true);
  expect(site.worker.died).toBe(false);

  return (await stats()).map(({ ssrc }) => ssrc);
}

describe.each([audio, video])('a hostile sender of $kind does not kill the worker', (media) => {
  it('by naming an encoding with a RID and the SSRC of another', async () => {
    const producer = await produce(media, [{ ssrc: 111, rid: 'a' }]);
    await send(media, 222, { rid: 'a' });
    await send(media, 111);
    await send(media, 111);

    expect(await taken(producer, 2)).toEqual([111]);
  });

  it('by sending with the SSRC 0 to an encoding that is found by its RID', async () => {
    const producer = await produce(media, [{ rid: 'a' }]);
    await send(media, 222, { rid: 'a' });
    await send(media, 0);
    await send(media, 0, { rid: 'a' });
    await send(media, 333, { rid: 'a' });
    await send(media, 222);

    expect(await taken(producer, 2)).toEqual([222]);
  });

  it('by sending with the SSRC 0 to an encoding that is the only one', async () => {
    await expect(async () => produce(media, [{}])).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('what a client says of its encodings is refused', () => {
  it('when it names the SSRC 0, which stands for none', async () => {
    const isRefused = (encoding: Encoding): boolean =>
      !rtpParametersSchema.safeParse({ ...vp8Parameters(), encodings: [encoding] }).success;

    expect([{ ssrc: 0 }, { ssrc: 1, rtx: { ssrc: 0 } }].map(isRefused)).toEqual([true, true]);
  });

  it.each<[string, Encoding[]]>([
    ['two of them have one RID', [{ rid: 'a' }, { rid: 'a' }]],
    ['two of them have one SSRC', [{ ssrc: 5 }, { ssrc: 5, rid: 'b' }]],
    [
      'they are of several codecs',
      [
        { rid: 'a', codecPayloadType: 96 },
        { rid: 'b', codecPayloadType: 98 },
      ],
    ],
  ])('when %s', async (_, encodings) => {
    await expect(async () => produce(video, encodings)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it.each(['L99T99', 'L1T3 and more'])('when its layers are no mode of WebRTC-SVC: %s', (scalabilityMode) => {
    const parameters = { ...vp8Parameters(), encodings: [{ ssrc: 1, scalabilityMode }] };

    expect(rtpParametersSchema.safeParse(parameters).success).toBe(false);
  });
});

describe('what reaches the receivers of what a sender says of its codec', () => {
  /** Of the parameters of the one codec, those that the session descriptions of the receivers are made of. */
  async function told(mimeType: string, parameters: Record<string, string | number>): Promise<unknown> {
    const kind = mimeType.startsWith('audio') ? 'audio' : 'video';
    const base = kind === 'audio' ? opusParameters() : vp8Parameters();
    const [codec, ...others] = base.codecs;
    const codecs = [{ ...codec, mimeType, parameters }, ...others];
    const encodings = base.encodings?.slice(0, 1);
    const producer = await transport.produce({
      kind,
      rtpParameters: toMediasoupParameters(kind, rtpParametersSchema.parse({ ...base, codecs, encodings })),
    });

    return producer.consumableRtpParameters.codecs[0]?.parameters;
  }

  // Chromium refuses a description with it, and each later one of the same connection.
  it('is no bit rate that their browsers cannot keep to, which would deafen them to everybody', async () => {
    const impossible = { 'x-google-min-bitrate': 999_999_999, 'x-google-max-bitrate': -1 };

    expect(await told('video/VP8', impossible)).toEqual({});
  });

  it('is no parameter hidden in the value of another', async () => {
    const h264 = { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 };
    const hidden = { 'max-fs': '1;profile-level-id=f4003e;packetization-mode=0' };

    expect(await told('video/H264', { ...h264, ...hidden })).toEqual(h264);
  });

  it.each([2, -1, 0.5, 'x y;z'])('is no value that the parameter cannot have: stereo=%s', async (stereo) => {
    expect(await told('audio/opus', { stereo, useinbandfec: 1 })).toEqual({ useinbandfec: 1 });
  });

  it('is all that honest senders say', async () => {
    const opus = { minptime: 10, useinbandfec: 1, usedtx: 1, stereo: 1, 'sprop-stereo': 1 };

    expect(await told('audio/opus', { ...opus, maxaveragebitrate: 128_000 })).toEqual({
      ...opus,
      maxaveragebitrate: 128_000,
    });
    expect(await told('video/VP9', { 'profile-id': 0 })).toEqual({ 'profile-id': 0 });
  });
});

describe('an honest sender is understood', () => {
  it('whose layers have a RID each, with their retransmissions', async () => {
    const producer = await produce(video, [{ rid: 'a', rtx: { ssrc: 99 } }, { rid: 'b' }]);
    await send(video, 1, { rid: 'a' });
    await send(video, 2, { rid: 'b' });
    await send({ ...video, payloadType: 97 }, 11, { repairedRid: 'a' });
    await send({ ...video, payloadType: 97 }, 12, { repairedRid: 'b' });

    expect(await taken(producer, 2)).toEqual([1, 2]);
    await expect
      .poll(async () => (await producer.getStats()).map(({ rtxSsrc }) => rtxSsrc))
      .toEqual([11, 12]);
  });

  it('whose layers have an SSRC each, with their retransmissions', async () => {
    const producer = await produce(video, [{ ssrc: 1, rtx: { ssrc: 11 } }, { ssrc: 2 }]);
    await send(video, 1);
    await send(video, 2);
    await send({ ...video, payloadType: 97 }, 11);

    expect(await taken(producer, 2)).toEqual([1, 2]);
    await expect
      .poll(async () => (await producer.getStats()).map(({ rtxSsrc }) => rtxSsrc))
      .toEqual([11, undefined]);
  });

  it('whose only layer has a RID that its packets do not bear', async () => {
    const producer = await produce(video, [{ ssrc: 1, rid: 'a' }]);
    await send(video, 1);

    expect(await taken(producer, 1)).toEqual([1]);
  });
});

describe('what a sender who heeds no limit sends', () => {
  /** How many looks it takes, a second apart, between which so many packets come; Infinity when it is never too much. */
  async function looksUntilExceeded(
    media: typeof audio | typeof video,
    packetsBefore: (look: number) => number,
    limits: Partial<Pick<MediaLimits, 'incomingBitrate'>> = {},
  ): Promise<number> {
    const producer = await produce(media, [{ ssrc: 5 }]);
    const source = media.kind === 'audio' ? 'microphone' : 'camera';
    const limit = new SendingLimit({ ...standardMediaLimits, ...limits });
    const tallies = new SentTallies();
    let sent = 0;
    for (let look = 1; look <= 20; look += 1) {
      const isTooMuch = await limit.isExceeded(producer, {
        over: atSecond(transport, look),
        async tallies() {
          await tallies.count(source, producer);

          return tallies.all;
        },
      });
      if (isTooMuch) {
        return look;
      }
      for (const until = sent + packetsBefore(look + 1); sent < until;) {
        await send(media, 5);
        sent += 1;
        if (sent % 50 === 0 || sent === until) {
          // The worker's socket holds no more than a few hundred.
          await taken(producer, sent);
        }
      }
    }

    return Infinity;
  }

  it('is too much when it is more bits than are allowed, also for who keeps quiet between bursts', async () => {
    const inBursts = (look: number): number => (look % 2 === 0 ? 100 : 0);

    expect(await looksUntilExceeded(video, inBursts, { incomingBitrate: 10_000 })).toBeLessThan(20);
  });

  it.each([
    ['sound', audio, 300],
    ['pictures', video, 600],
  ])('is too much when it is more packets than %s has, however small', async (_, media, packets) => {
    expect(await looksUntilExceeded(media, () => packets)).toBeLessThan(10);
  });

  it.each([
    ['sound in frames of 10 ms', audio, 100],
    ['three small encodings of 60 pictures a second', video, 180],
  ])('is not when it is %s', async (_, media, packets) => {
    expect(await looksUntilExceeded(media, () => packets)).toBe(Infinity);
  });

  it('is counted although it was begun and closed between two looks', async () => {
    const tallies = new SentTallies();
    const producer = await produce(audio, [{ ssrc: 5 }]);
    await send(audio, 5);
    await taken(producer, 1);
    const counting = tallies.count('microphone', producer);
    producer.close();
    await counting;

    expect(tallies.all.get('microphone')).toMatchObject({ packets: 1 });
  });
});

/** As if it were asked a second after the look before. */
function atSecond(asked: types.Transport, second: number): types.Transport {
  const getStats = async (): Promise<TransportStats[]> => [
    { ...(await transportStats(asked)), timestamp: 1_000 * second },
  ];

  return Object.assign(Object.create(asked) as types.Transport, { getStats });
}

it('who sends half as much again as is allowed is told of, and nobody who does not', async () => {
  const limits = { incomingBitrate: 12_000 };
  await using world = await startMediaWorld({ beatMs: 100 }, { limits });
  const exceeding = createDeferred<string>();
  const call = await world.createCall({ onExcess: (id) => exceeding.resolve(id) });
  const [alice, mallory] = [await call.join('alice'), await call.join('mallory')];
  // 16 kbit/s each.
  await alice.produce('microphone');
  await Promise.all((['microphone', 'camera'] as const).map((source) => mallory.produce(source)));

  expect(await exceeding.promise).toBe('mallory');
});
