import type { Joined, MediaSource, RequestData, RtpParameters } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;
let alice: TestClient;
let bob: TestClient;
let callId: string;
/** The send transport of each client that has joined. */
let transportIds: Map<TestClient, string>;

beforeEach(async () => {
  sfu = await startTestSfu();
  transportIds = new Map();
  await sfu.putRoom({ roomId: 'room' });
  alice = await sfu.connect('alice');
  bob = await sfu.connect('bob');
  callId = (await join(alice)).call.id;
  await join(bob);
});

afterEach(async () => {
  await sfu[Symbol.asyncDispose]();
});

async function join(client: TestClient): Promise<Joined> {
  const joined = await client.enter('joinRoom', { roomId: 'room', media: await client.offer() });
  transportIds.set(client, joined.media.sendTransport.id);

  return joined;
}

/** What the client asks to send, over the transport it was given. */
function stream(source: MediaSource, rtpParameters: RtpParameters, client = alice): RequestData<'produce'> {
  const transportId = transportIds.get(client) ?? 'none';

  return { callId, transportId, source, rtpParameters, paused: false };
}

async function produceCamera(client = alice): Promise<string> {
  return (await client.request('produce', stream('camera', vp8Parameters(), client))).producerId;
}

describe('a stream', () => {
  it('reaches the other with parameters the receiver can use', async () => {
    const producerId = await produceCamera();
    expect(await bob.next('producerAdded')).toMatchObject({
      producer: { id: producerId, source: 'camera', paused: false },
    });

    const { consumers } = await bob.request('consume', { callId, producerIds: [producerId] });
    expect(consumers).toMatchObject([{ producerId, kind: 'video' }]);
    const [consumer] = consumers;
    // Simulcast goes in, one stream comes out, and what was lost can be sent again.
    expect(consumer?.rtpParameters.encodings).toHaveLength(1);
    expect(consumer?.rtpParameters.encodings?.[0]?.rtx?.ssrc).toBeTypeOf('number');
    expect(consumer?.rtpParameters.codecs.map(({ mimeType }) => mimeType)).toEqual([
      'video/VP8',
      'video/rtx',
    ]);

    const consumerIds = consumers.map(({ id }) => id);
    await bob.request('resumeConsumers', { callId, consumerIds });
    await bob.request('pauseConsumers', { callId, consumerIds });
    await bob.request('closeConsumers', { callId, consumerIds });
  });

  it('is consumed once, however often it is asked for, and again after it was closed', async () => {
    const producerId = await produceCamera();
    const ask = async () =>
      (await bob.request('consume', { callId, producerIds: [producerId, producerId] })).consumers;
    const first = await ask();

    expect(first).toHaveLength(1);
    expect(await ask()).toEqual(first);
    await bob.request('closeConsumers', { callId, consumerIds: first.map(({ id }) => id) });
    expect((await ask())[0]?.id).not.toBe(first[0]?.id);
  });

  it('that is unknown, of another call, one’s own or not understood is said to be unavailable', async () => {
    await sfu.putRoom({ roomId: 'elsewhere' });
    const carol = await sfu.connect('carol');
    const there = await carol.enter('joinRoom', { roomId: 'elsewhere', media: await carol.offer() });
    const foreign = await carol.request('produce', {
      ...stream('microphone', opusParameters()),
      callId: there.call.id,
      transportId: there.media.sendTransport.id,
    });
    const own = await produceCamera(bob);
    const wanted = await produceCamera(alice);
    const producerIds = ['nothing', foreign.producerId, own, wanted];

    const { consumers, unavailable } = await bob.request('consume', { callId, producerIds });
    expect(consumers.map(({ producerId }) => producerId)).toEqual([wanted]);
    expect(unavailable).toEqual(['nothing', foreign.producerId, own]);

    const deaf = await sfu.connect('dave');
    const { dtlsFingerprints } = await deaf.offer();
    await deaf.enter('joinRoom', {
      roomId: 'room',
      media: { rtpCapabilities: { codecs: [] }, dtlsFingerprints },
    });
    expect(await deaf.request('consume', { callId, producerIds })).toEqual({
      consumers: [],
      unavailable: ['nothing', foreign.producerId, own, wanted],
    });
  });

  it('that nobody can receive spoils none of those it is asked for with', async () => {
    const camera = vp8Parameters();
    const [vp8] = camera.codecs;
    const twice = [96, 98].flatMap((payloadType) => (vp8 === undefined ? [] : [{ ...vp8, payloadType }]));
    const { producerId: spoilt } = await alice.request(
      'produce',
      stream('camera', { ...camera, codecs: twice }),
    );
    const { producerId: sound } = await alice.request('produce', stream('microphone', opusParameters(2)));

    const { consumers } = await bob.request('consume', { callId, producerIds: [spoilt, sound] });
    expect(consumers.map(({ producerId }) => producerId)).toEqual([sound]);
  });

  it('may become of another size, as its owner alone may say', async () => {
    const producerId = await produceCamera();
    const resize = { callId, producerId, size: { width: 640, height: 360 } };

    expect(await alice.request('resizeProducer', resize)).toEqual({});
    expect(await bob.refusal({ name: 'resizeProducer', data: resize })).toBe('not_found');
  });

  it('pauses and resumes for the others, and its consumers end with it', async () => {
    const producerId = await produceCamera();
    const { consumers } = await bob.request('consume', { callId, producerIds: [producerId] });
    await alice.request('pauseProducer', { callId, producerId });
    expect(await bob.next('producerPaused')).toMatchObject({ producerId });
    await alice.request('resumeProducer', { callId, producerId });
    expect(await bob.next('producerResumed')).toMatchObject({ producerId });
    await alice.request('closeProducer', { callId, producerId });
    expect(await bob.next('producerRemoved')).toMatchObject({ producerId });

    // The client may not know yet: asking for what is gone is no mistake of its.
    const consumerIds = consumers.map(({ id }) => id);
    expect(await bob.request('resumeConsumers', { callId, consumerIds })).toEqual({});
    expect(await bob.request('consume', { callId, producerIds: [producerId] })).toEqual({
      consumers: [],
      unavailable: [producerId],
    });
  });

  it('is refused twice from one source, and camera, microphone, screen and its sound go together', async () => {
    await produceCamera();
    const second = stream('camera', vp8Parameters(5));
    expect(await alice.refusal({ name: 'produce', data: second })).toBe('invalid_state');

    const others: [MediaSource, RtpParameters][] = [
      ['microphone', opusParameters(2)],
      ['screen', { ...vp8Parameters(4), encodings: [{ ssrc: 77, rtx: { ssrc: 78 } }] }],
      ['screenAudio', opusParameters(3)],
    ];
    for (const [source, rtpParameters] of others) {
      const data = stream(source, rtpParameters);
      expect(await alice.refusal({ name: 'produce', data })).toBeUndefined();
    }
  });
});

describe('parameters the worker finds fault with', () => {
  const mistakes: [string, RtpParameters][] = [
    ['audio sent as video', opusParameters()],
    ['a codec nobody forwards', { codecs: [{ mimeType: 'video/NONE', payloadType: 96, clockRate: 90_000 }] }],
    ['retransmission of a codec that is not there', retransmitting(13)],
    ['encodings nothing tells apart', { ...vp8Parameters(), encodings: [{}, {}] }],
    ['a bit rate with a fraction', { ...vp8Parameters(), codecs: [], encodings: [{ maxBitrate: 0.5 }] }],
  ];

  for (const [title, rtpParameters] of mistakes) {
    it(`are answered invalid_request and harm nobody: ${title}`, async () => {
      const data = stream('camera', rtpParameters);
      expect(await alice.refusal({ name: 'produce', data })).toBe('invalid_request');

      const producerId = await produceCamera();
      const { consumers } = await bob.request('consume', { callId, producerIds: [producerId] });
      expect(consumers).toHaveLength(1);
    });
  }

  it('leave the worker sound when they name header extensions nobody knows, however many', async () => {
    const headerExtensions = Array.from({ length: 32 }, (_, index) => ({
      uri: `urn:x:${index}`,
      id: index + 1,
    }));
    const rtpParameters = { ...vp8Parameters(), headerExtensions };

    await alice.request('produce', stream('camera', rtpParameters));
    expect(await produceCamera(bob)).toBeTypeOf('string');
  });

  it('leave the worker sound when only the fraction of a bit rate is wrong', async () => {
    const encodings =
      vp8Parameters().encodings?.map((encoding) => ({ ...encoding, maxBitrate: 1000.5 })) ?? [];
    const rtpParameters = { ...vp8Parameters(), encodings };

    await alice.request('produce', stream('camera', rtpParameters));
    expect(await produceCamera(bob)).toBeTypeOf('string');
  });

  function retransmitting(apt: number): RtpParameters {
    const [vp8] = vp8Parameters().codecs;
    const rtx = { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt } };

    return { ...vp8Parameters(), codecs: vp8 === undefined ? [rtx] : [vp8, rtx] };
  }
});
