import { createDeferred } from '@parley/kit';
import { rtpCapabilitiesSchema, transportParametersSchema, type ConsumerInfo } from '@parley/protocol';
import { Device } from 'mediasoup-client';
import {
  generateConsumerRemoteParameters,
  generateLocalDtlsParameters,
  generateNativeRtpCapabilities,
  generateRouterRtpCapabilities,
  generateTransportRemoteParameters,
} from 'mediasoup-client/fakeParameters';
import { FakeHandler } from 'mediasoup-client/handlers/FakeHandler';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import { asTrack, FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
import { nextTurn } from '../testing/testClient.ts';
import type { MediaEncryption } from './MediaEncryption.ts';
import type { MediaSession, MediaSessionOptions } from './MediaPort.ts';
import { createMediasoupMedia } from './mediasoupMedia.ts';

/** A session over mediasoup-client, with its own fake in place of the browser's peer connections. */
async function openSession(options: Partial<MediaSessionOptions> = {}): Promise<MediaSession> {
  const media = createMediasoupMedia({ iceTransportPolicy: 'all' });
  await media.prepare(rtpCapabilitiesSchema.parse(generateRouterRtpCapabilities()));
  const sctpParameters = { port: 5_000, OS: 1_024, MIS: 1_024, maxMessageSize: 16_384 };
  const transport = () =>
    transportParametersSchema.parse({ ...generateTransportRemoteParameters(), sctpParameters });

  return media.open({
    sendTransport: transport(),
    receiveTransport: transport(),
    iceServers: [],
    onPathChanged: () => {},
    ...options,
  });
}

/** Can be cloned, as the browser's own. */
class FakeCertificate {
  getFingerprints(): RTCDtlsFingerprint[] {
    return [{ algorithm: 'sha-256', value: 'AA:BB' }];
  }
}

beforeEach(() => {
  const generateCertificate = async () => new FakeCertificate();
  vi.stubGlobal(
    'RTCPeerConnection',
    Object.assign(() => {}, { generateCertificate }),
  );
  vi.stubGlobal('RTCRtpTransceiver', () => {});
  vi.stubGlobal('MediaStream', FakeStream);
  const handlerFactory = FakeHandler.createFactory({
    generateNativeRtpCapabilities,
    generateLocalDtlsParameters,
  });
  vi.spyOn(Device, 'factory').mockImplementation(async () => new Device({ handlerFactory }));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a restart of ICE', () => {
  const ice = { usernameFragment: 'u2', password: 'p2' };
  const restarted = { sendIceParameters: ice, receiveIceParameters: ice };

  it('begins when the browser has taken the fresh servers, on both transports', async () => {
    const session = await openSession();
    const taken = createDeferred<void>();
    const servers = vi.spyOn(FakeHandler.prototype, 'updateIceServers').mockReturnValue(taken.promise);
    const restarts = vi.spyOn(FakeHandler.prototype, 'restartIce');
    const fresh = [{ urls: 'turn:turn.example', username: 'u', credential: 'c' }];

    const restarting = session.restartIce(restarted, fresh);
    await nextTurn();
    expect(servers.mock.calls).toEqual([[fresh], [fresh]]);
    expect(restarts).not.toHaveBeenCalled();
    taken.resolve();
    await restarting;

    expect(restarts.mock.calls).toEqual([[ice], [ice]]);
    expect(new Set(restarts.mock.contexts)).toEqual(new Set(servers.mock.contexts));
  });
});

describe('the two peer connections', () => {
  it('are built side by side: one receives while the other is still held up', async () => {
    const session = await openSession();
    const held = vi.spyOn(FakeHandler.prototype, 'send').mockReturnValue(new Promise(() => {}));
    const { id, producerId, kind, rtpParameters } = generateConsumerRemoteParameters({
      codecMimeType: 'audio/opus',
    });

    void session.send(asTrack(new FakeTrack('audio')), 'microphone').catch(() => {});
    await nextTurn();
    const consumer = { id, producerId, kind, rtpParameters } as ConsumerInfo;
    const incoming = await session.receive(consumer, 'bob', () => {});

    expect(held).toHaveBeenCalledOnce();
    expect(incoming.stream).toBeInstanceOf(MediaStream);
  });
});

describe('a session', () => {
  it('takes the way of the port, or one of its own', async () => {
    const opened = vi.spyOn(Device.prototype, 'createRecvTransport');

    await openSession();
    await openSession({ iceTransportPolicy: 'relay' });

    expect(opened.mock.calls.map(([{ iceTransportPolicy }]) => iceTransportPolicy)).toEqual(['all', 'relay']);
  });
});

describe('a session with encryption', () => {
  const replaceTrack = vi.fn<RTCRtpSender['replaceTrack']>(async () => {});
  const sender = { replaceTrack } as unknown as RTCRtpSender;
  const receiver = {} as RTCRtpReceiver;
  // oxlint-disable-next-line typescript/unbound-method -- They are called on the handler that was asked.
  const { send, receive } = FakeHandler.prototype;

  /** The fake gives no sender and receiver away by itself. */
  const giveSender = () =>
    vi.spyOn(FakeHandler.prototype, 'send').mockImplementation(async function giving(
      this: FakeHandler,
      options,
    ) {
      options.onRtpSender?.(sender);

      return send.call(this, options);
    });

  const encryptionWith = (changes: Partial<MediaEncryption> = {}): MediaEncryption => ({
    configuration: {},
    encrypt: () => () => () => {},
    decrypt: () => () => {},
    ...changes,
  });

  it('gives each sender away before anything is negotiated for it', async () => {
    const given: unknown[] = [];
    const stop = vi.fn<() => void>();
    const encrypt = vi.fn<MediaEncryption['encrypt']>(() => (target) => {
      given.push(target);

      return stop;
    });
    const session = await openSession({ encryption: encryptionWith({ encrypt }) });
    const sending = giveSender();

    await session.send(asTrack(new FakeTrack('audio')), 'microphone');

    expect(encrypt.mock.calls).toEqual([['microphone', 'audio/opus']]);
    expect(given).toEqual([sender]);
    expect(sending).toHaveBeenCalledOnce();
  });

  it('makes no sender for a codec that is refused', async () => {
    const session = await openSession({
      encryption: encryptionWith({
        encrypt: () => {
          throw new CallError('not_supported');
        },
      }),
    });
    const sending = giveSender();

    await expect(session.send(asTrack(new FakeTrack('video')), 'camera')).rejects.toMatchObject({
      code: 'not_supported',
    });
    expect(sending).not.toHaveBeenCalled();
  });

  it('sends nothing from a sender that cannot be given away', async () => {
    const session = await openSession({
      encryption: encryptionWith({
        encrypt: () => () => {
          throw new CallError('not_supported');
        },
      }),
    });
    giveSender();

    await expect(session.send(asTrack(new FakeTrack('audio')), 'microphone')).rejects.toMatchObject({
      code: 'not_supported',
    });
    expect(replaceTrack).toHaveBeenCalledWith(null);
  });

  it('gives each receiver away with what it receives, and ends that with it', async () => {
    const stop = vi.fn<() => void>();
    const decrypt = vi.fn<MediaEncryption['decrypt']>(() => stop);
    const onReadable = (): void => {};
    const session = await openSession({ encryption: encryptionWith({ decrypt }) });
    vi.spyOn(FakeHandler.prototype, 'receive').mockImplementation(function giving(this: FakeHandler, list) {
      list.forEach((options) => options.onRtpReceiver?.(receiver));

      return receive.call(this, list);
    });
    const { id, producerId, kind, rtpParameters } = generateConsumerRemoteParameters({
      codecMimeType: 'audio/opus',
    });
    const consumer = { id, producerId, kind, rtpParameters } as ConsumerInfo;

    const incoming = await session.receive(consumer, 'bob', onReadable);
    expect(decrypt.mock.calls).toEqual([[receiver, consumer, 'bob', onReadable]]);
    expect(stop).not.toHaveBeenCalled();
    incoming.close();

    expect(stop).toHaveBeenCalledOnce();
  });

  it('ends with its transports what was given away', async () => {
    const stop = vi.fn<() => void>();
    const session = await openSession({ encryption: encryptionWith({ encrypt: () => () => stop }) });
    giveSender();
    await session.send(asTrack(new FakeTrack('audio')), 'microphone');
    expect(stop).not.toHaveBeenCalled();

    session.close();

    expect(stop).toHaveBeenCalled();
  });
});

describe('a data channel', () => {
  it.each([
    ['ordered', { ordered: true, maxRetransmits: undefined }],
    ['lossy', { ordered: false, maxRetransmits: 0 }],
  ] as const)('that is %s is opened so', async (channel, expected) => {
    const session = await openSession();
    const opened = vi.spyOn(FakeHandler.prototype, 'sendDataChannel');

    const { sctpStreamParameters } = await session.sendData(channel);

    const asked = opened.mock.calls[0]?.[0].sctpStreamParameters;
    for (const parameters of [asked, sctpStreamParameters]) {
      expect({ maxRetransmits: undefined, ...parameters }).toMatchObject(expected);
    }
  });
});

describe('a data channel that is still opening', () => {
  it.each([
    ['its transport is', (session: MediaSession) => session.close()],
    ['it is', (_: MediaSession, close: () => void) => close()],
  ])('is told to have failed when %s closed', async (_, close) => {
    const session = await openSession();
    const outgoing = await session.sendData('ordered');

    close(session, () => outgoing.close());

    await expect(outgoing.opened).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a browser that gives itself the name of another, or none, as one inside an application', () => {
  it.each([
    ['mozInnerScreenX', 'Firefox120'],
    ['GestureEvent', 'Safari12'],
    ['somethingElse', 'Chrome111'],
  ])('and that has %s is taken for what it is: %s', async (member, handlerName) => {
    vi.stubGlobal(member, 0);
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/100.0.0.0' });
    const handlerFactory = FakeHandler.createFactory({
      generateNativeRtpCapabilities,
      generateLocalDtlsParameters,
    });
    const taken: unknown[] = [];
    vi.spyOn(Device, 'factory').mockImplementation(async (options) => {
      taken.push(options?.handlerName);

      return new Device({ handlerFactory });
    });

    await expect(openSession()).resolves.toBeDefined();

    expect(taken).toEqual([handlerName]);
  });

  it.each(['RTCPeerConnection', 'RTCRtpTransceiver'])(
    'and that lacks %s is not supported',
    async (missing) => {
      vi.stubGlobal(missing, undefined);

      await expect(openSession()).rejects.toMatchObject({ code: 'not_supported' });
    },
  );
});

describe('what a session counts', () => {
  it('is told of each peer connection on its own side, and not any more once it is closed', async () => {
    const session = await openSession();
    const [send, receive] = [new Map(), new Map()];
    vi.spyOn(FakeHandler.prototype, 'getTransportStats')
      .mockResolvedValueOnce(send)
      .mockResolvedValueOnce(receive);

    const stats = await session.getStats();
    session.close();

    expect(stats.send).toBe(send);
    expect(stats.receive).toBe(receive);
    await expect(session.getStats()).rejects.toThrow('closed');
  });

  it.each([0, 1])('is a TURN server that failed on transport %i, not a STUN server', async (index) => {
    const session = await openSession();
    const asked = vi.spyOn(FakeHandler.prototype, 'getTransportStats');
    await session.getStats();
    const handler = asked.mock.contexts[index] as FakeHandler;
    const fail = (url: string): unknown =>
      handler.emit('@icecandidateerror', { url } as RTCPeerConnectionIceErrorEvent);

    fail('stun:stun.example');
    expect(session.hasRelayFailed).toBe(false);
    fail('turns:turn.example?transport=tcp');

    expect(session.hasRelayFailed).toBe(true);
  });
});

describe('a mode of scalability', () => {
  it('that the browser refuses is left out, and the picture is sent without', async () => {
    const session = await openSession();
    const sends = vi
      .spyOn(FakeHandler.prototype, 'send')
      .mockRejectedValueOnce(new DOMException('No such mode.', 'OperationError'));

    await session.send(asTrack(new FakeTrack('video')), 'camera', { scalabilityMode: 'L1T2' });

    expect(sends.mock.calls.map(([options]) => options.encodings?.[0]?.scalabilityMode)).toEqual([
      'L1T2',
      undefined,
    ]);
  });
});
