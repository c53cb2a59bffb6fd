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
import type { MediaSession } from './MediaPort.ts';
import { createMediasoupMedia } from './mediasoupMedia.ts';

/** A session over mediasoup-client, with its own fake in place of the browser's peer connections. */
async function openSession(encryption?: MediaEncryption): Promise<MediaSession> {
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
    encryption,
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
    const session = await openSession(encryptionWith({ encrypt }));
    const sending = giveSender();

    await session.send(asTrack(new FakeTrack('audio')), 'microphone');

    expect(encrypt.mock.calls).toEqual([['microphone', 'audio/opus']]);
    expect(given).toEqual([sender]);
    expect(sending).toHaveBeenCalledOnce();
  });

  it('makes no sender for a codec that is refused', async () => {
    const session = await openSession(
      encryptionWith({
        encrypt: () => {
          throw new CallError('not_supported');
        },
      }),
    );
    const sending = giveSender();

    await expect(session.send(asTrack(new FakeTrack('video')), 'camera')).rejects.toMatchObject({
      code: 'not_supported',
    });
    expect(sending).not.toHaveBeenCalled();
  });

  it('sends nothing from a sender that cannot be given away', async () => {
    const session = await openSession(
      encryptionWith({
        encrypt: () => () => {
          throw new CallError('not_supported');
        },
      }),
    );
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
    const session = await openSession(encryptionWith({ decrypt }));
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
    const session = await openSession(encryptionWith({ encrypt: () => () => stop }));
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
