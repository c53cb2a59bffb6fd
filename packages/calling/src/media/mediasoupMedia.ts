import { createDeferred } from '@parley/kit';
import {
  rtpCapabilitiesSchema,
  sctpStreamParametersSchema,
  type IceParameters,
  type IceServer,
  type MediaOffer,
  type RtpCapabilities,
  type TransportParameters,
} from '@parley/protocol';
import { Device, type types } from 'mediasoup-client';
import { CallError } from '../errors.ts';
import { prepareCertificate, type PreparedCertificate } from './certificate.ts';
import { dataChannelOptions } from './dataChannelOptions.ts';
import { handlerOfEngine } from './handlerOfEngine.ts';
import type {
  IncomingMedia,
  MediaPort,
  MediaSession,
  MediaSessionOptions,
  OutgoingData,
} from './MediaPort.ts';
import { outgoingMedia } from './outgoingMedia.ts';
import { followPath } from './pathState.ts';
import { sendProfileOf, type Encoding, type SendProfile } from './sendProfile.ts';

/** What mediasoup-client asks an SCTP association for. */
const sctpStreams = 1_024;

export interface MediasoupMediaSettings {
  readonly iceTransportPolicy: RTCIceTransportPolicy;
}

interface Prepared extends MediasoupMediaSettings {
  readonly device: Device;
  readonly certificate: PreparedCertificate;
}

/** The media port over mediasoup-client, and the only file that knows it. */
export function createMediasoupMedia(settings: MediasoupMediaSettings): MediaPort {
  let certificate: Promise<PreparedCertificate> | undefined;
  let prepared: Prepared | undefined;

  return {
    iceTransportPolicy: settings.iceTransportPolicy,
    async prepare(routerRtpCapabilities) {
      if (typeof RTCPeerConnection !== 'function' || typeof RTCRtpTransceiver !== 'function') {
        throw new CallError('not_supported', 'This browser has no WebRTC.');
      }
      certificate ??= prepareCertificate();
      const [device, made] = await Promise.all([loadedDevice(routerRtpCapabilities), certificate]);
      prepared = { ...settings, device, certificate: made };

      return offerOf(prepared);
    },
    open(options) {
      if (prepared === undefined) {
        throw new CallError('invalid_state', 'The media was not prepared.');
      }

      return openSession(prepared, options);
    },
  };
}

async function loadedDevice(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
  // By itself it goes by the name that the browser gives itself, or an extension gives it.
  const device = await Device.factory({ handlerName: handlerOfEngine() });
  await device.load({
    // Of one shape; mediasoup-client only declares as required what the server may leave out.
    routerRtpCapabilities: routerRtpCapabilities as types.RtpCapabilities,
  });

  return device;
}

function offerOf({ device, certificate }: Prepared): MediaOffer {
  return {
    rtpCapabilities: rtpCapabilitiesSchema.parse(device.recvRtpCapabilities),
    dtlsFingerprints: certificate.fingerprints,
    sctpStreams,
  };
}

function openSession(prepared: Prepared, options: MediaSessionOptions): MediaSession {
  const { device } = prepared;
  const sendTransport = device.createSendTransport(
    transportOptions(options.sendTransport, prepared, options),
  );
  const receiveTransport = device.createRecvTransport(
    transportOptions(options.receiveTransport, prepared, options),
  );
  const onTransport = followPath(2, options.onPathChanged);
  let produced = 0;
  let hasRelayFailed = false;
  // The server is told by whoever called send() or sendData(); waiting for it here would hold up everything else.
  const name = (done: (named: { id: string }) => void): void => {
    produced += 1;
    done({ id: `local-${produced}` });
  };
  sendTransport.on('produce', (_parameters, done) => name(done));
  sendTransport.on('producedata', (_parameters, done) => name(done));
  for (const [index, transport] of [sendTransport, receiveTransport].entries()) {
    // The server knew the fingerprint from the first request on and has connected its side already.
    transport.on('connect', (_parameters, done) => done());
    transport.on('connectionstatechange', (state) => onTransport(index, state));
    transport.on('icecandidateerror', ({ url }) => {
      hasRelayFailed ||= url.startsWith('turn');
    });
  }

  return {
    get hasRelayFailed() {
      return hasRelayFailed;
    },
    async getStats() {
      const [send, receive] = await Promise.all([sendTransport.getStats(), receiveTransport.getStats()]);

      return { send, receive };
    },
    async send(track, source, encoding) {
      const offered = device.sendRtpCapabilities.codecs ?? [];
      const codecOf = (mimeType: string): types.RtpCodecCapability | undefined =>
        offered.find((known) => known.mimeType.toLowerCase() === mimeType.toLowerCase());
      const profileOf = (of: MediaStreamTrack): SendProfile =>
        sendProfileOf(
          source,
          of.getSettings(),
          encoding,
          (wanted) => codecOf(`video/${wanted}`) !== undefined,
        );
      const profile = profileOf(track);
      const { mimeType, codecOptions } = profile;
      const codec = codecOf(mimeType);
      // Asked before anything is made that might be sent without.
      const encrypt = options.encryption?.encrypt(source, codec?.mimeType ?? '');
      let stop: (() => void) | undefined;
      const produce = (encodings: readonly Encoding[]): Promise<types.Producer> =>
        sendTransport.produce({
          track,
          encodings: encodings.map((each) => ({ ...each }) as types.RtpEncodingParameters),
          codecOptions,
          ...(codec === undefined ? {} : { codec }),
          // Both are for the track's giver to do.
          stopTracks: false,
          disableTrackOnPause: false,
          ...(encrypt === undefined
            ? {}
            : { onRtpSender: (sender) => (stop = encryptOrEmpty(sender, encrypt)) }),
        });
      const producer = await produce(profile.encodings).catch((error: unknown) => {
        if (profile.encodings[0]?.scalabilityMode === undefined) {
          throw error;
        }

        // A mode that the browser refuses is left out (W3C WebRTC-SVC, 5.1).
        return produce(profile.encodings.map((each) => ({ ...each, scalabilityMode: undefined })));
      });
      producer.observer.once('close', () => stop?.());

      return outgoingMedia(producer, track, (of) => profileOf(of).encodings);
    },
    async receive(consumerInfo, syncGroup, onReadable) {
      const { id, producerId, kind } = consumerInfo;
      let stop: (() => void) | undefined;
      const consumer = await receiveTransport.consume({
        id,
        producerId,
        kind,
        // Of one shape, as above.
        rtpParameters: consumerInfo.rtpParameters as types.RtpParameters,
        // Browsers keep lips and voice together within one stream id.
        streamId: syncGroup,
        onRtpReceiver: (receiver) => {
          stop = options.encryption?.decrypt(receiver, consumerInfo, syncGroup, onReadable);
        },
      });
      // With its transport or alone.
      consumer.observer.once('close', () => stop?.());

      return incomingMedia(consumer);
    },
    async sendData(channel) {
      return outgoingData(await sendTransport.produceData(dataChannelOptions[channel]));
    },
    async receiveData({ id, dataProducerId, sctpStreamParameters }, onMessage) {
      const consumer = await receiveTransport.consumeData({
        id,
        dataProducerId,
        // Of one shape, as above.
        sctpStreamParameters: sctpStreamParameters as types.SctpStreamParameters,
      });
      consumer.binaryType = 'arraybuffer';
      consumer.on('message', (data: unknown) => {
        if (data instanceof ArrayBuffer) {
          onMessage(new Uint8Array(data));
        }
      });
    },
    async restartIce(ice, iceServers) {
      const restart = async (transport: types.Transport, iceParameters: IceParameters): Promise<void> => {
        // First: the browser asks for relayed addresses as soon as it restarts.
        await transport.updateIceServers({ iceServers: browserIceServers(iceServers) });
        // Of one shape, as above.
        await transport.restartIce({ iceParameters: iceParameters as types.IceParameters });
      };
      await Promise.all([
        restart(sendTransport, ice.sendIceParameters),
        restart(receiveTransport, ice.receiveIceParameters),
      ]);
    },
    close() {
      sendTransport.close();
      receiveTransport.close();
    },
  };
}

function incomingMedia(consumer: types.Consumer): IncomingMedia {
  return {
    stream: new MediaStream([consumer.track]),
    async frames() {
      const frames = { decoded: 0, dropped: 0 };
      (await consumer.getStats()).forEach((entry: RTCInboundRtpStreamStats) => {
        if (entry.type === 'inbound-rtp') {
          frames.decoded += entry.framesDecoded ?? 0;
          frames.dropped += entry.framesDropped ?? 0;
        }
      });

      return frames;
    },
    close: () => consumer.close(),
  };
}

/** Of a sender that was not given away, nothing is to be sent, whatever is negotiated later. */
function encryptOrEmpty(sender: RTCRtpSender, encrypt: (sender: RTCRtpSender) => () => void): () => void {
  try {
    return encrypt(sender);
  } catch (error) {
    void sender.replaceTrack(null);
    throw error;
  }
}

function outgoingData(producer: types.DataProducer): OutgoingData {
  return {
    sctpStreamParameters: sctpStreamParametersSchema.parse(producer.sctpStreamParameters),
    get bufferedAmount() {
      return producer.bufferedAmount;
    },
    opened: openingOf(producer),
    send: (message) => producer.send(message),
    close: () => producer.close(),
  };
}

function openingOf(producer: types.DataProducer): Promise<void> {
  const opened = createDeferred<void>();
  // Nobody may have come to wait for it when it is closed.
  opened.promise.catch(() => {});
  if (producer.readyState === 'open') {
    opened.resolve();
  } else {
    producer.once('open', () => opened.resolve());
    // With the transport or alone.
    producer.observer.once('close', () =>
      opened.reject(new CallError('unavailable', 'The channel was closed.')),
    );
  }

  return opened.promise;
}

function transportOptions(
  parameters: TransportParameters,
  { certificate, iceTransportPolicy }: Prepared,
  { iceServers, encryption, iceTransportPolicy: policy = iceTransportPolicy }: MediaSessionOptions,
): types.TransportOptions {
  return {
    // Of one shape, as above.
    ...(parameters as types.TransportOptions),
    iceServers: browserIceServers(iceServers),
    iceTransportPolicy: policy,
    additionalSettings: { ...encryption?.configuration, certificates: [certificate.certificate] },
  };
}

/** Of one shape; the DOM library only leaves out that a field may be there and undefined. */
function browserIceServers(iceServers: readonly IceServer[]): RTCIceServer[] {
  return iceServers as RTCIceServer[];
}
