import {
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  type MediaOffer,
  type RtpCapabilities,
  type TransportParameters,
} from '@parley/protocol';
import { Device, type types } from 'mediasoup-client';
import { CallError } from '../errors.ts';
import { prepareCertificate, type PreparedCertificate } from './certificate.ts';
import type { MediaPort, MediaSession, MediaSessionOptions } from './MediaPort.ts';
import { sendProfileOf } from './sendProfile.ts';

interface Prepared {
  readonly device: Device;
  readonly certificate: PreparedCertificate;
}

/** The media port over mediasoup-client, and the only file that knows it. */
export function createMediasoupMedia(): MediaPort {
  let prepared: Prepared | undefined;

  return {
    async prepare(routerRtpCapabilities) {
      prepared = await prepareDevice(routerRtpCapabilities);

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

async function prepareDevice(routerRtpCapabilities: RtpCapabilities): Promise<Prepared> {
  if (typeof RTCPeerConnection !== 'function') {
    throw new CallError('not_supported', 'This browser has no WebRTC.');
  }
  const [device, certificate] = await Promise.all([
    loadedDevice(routerRtpCapabilities),
    prepareCertificate(),
  ]);

  return { device, certificate };
}

async function loadedDevice(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
  const device = await Device.factory();
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
  let produced = 0;

  sendTransport.on('produce', (_parameters, done) => {
    // The server is told by whoever called send(); waiting for it here would hold up every other track.
    produced += 1;
    done({ id: `local-${produced}` });
  });
  for (const transport of [sendTransport, receiveTransport]) {
    // The server knew the fingerprint from the first request on and has connected its side already.
    transport.on('connect', (_parameters, done) => done());
    transport.on('connectionstatechange', (state) => {
      if (state === 'failed') {
        options.onFailed();
      }
    });
  }

  return {
    async send(track, source) {
      const { mimeType, encodings, codecOptions } = sendProfileOf(source, track.getSettings());
      const codec = device.sendRtpCapabilities.codecs?.find(
        (known) => known.mimeType.toLowerCase() === mimeType.toLowerCase(),
      );
      const producer = await sendTransport.produce({
        track,
        encodings: encodings.map((encoding) => ({ ...encoding })),
        codecOptions,
        ...(codec === undefined ? {} : { codec }),
        // Both are for the track's giver to do.
        stopTracks: false,
        disableTrackOnPause: false,
        zeroRtpOnPause: true,
      });

      return {
        rtpParameters: rtpParametersSchema.parse(producer.rtpParameters),
        pause: () => producer.pause(),
        resume: () => producer.resume(),
        replaceTrack: (replacement) => producer.replaceTrack({ track: replacement }),
        close: () => producer.close(),
      };
    },
    async receive(consumerInfo, syncGroup) {
      const { id, producerId, kind } = consumerInfo;
      const consumer = await receiveTransport.consume({
        id,
        producerId,
        kind,
        // Of one shape, as above.
        rtpParameters: consumerInfo.rtpParameters as types.RtpParameters,
        // Browsers keep lips and voice together within one stream id.
        streamId: syncGroup,
      });

      return { stream: new MediaStream([consumer.track]), close: () => consumer.close() };
    },
    close() {
      sendTransport.close();
      receiveTransport.close();
    },
  };
}

function transportOptions(
  parameters: TransportParameters,
  { certificate }: Prepared,
  { iceServers }: MediaSessionOptions,
): types.TransportOptions {
  return {
    // Of one shape, as above.
    ...(parameters as types.TransportOptions),
    // Of one shape, as above.
    iceServers: iceServers as RTCIceServer[],
    additionalSettings: { certificates: [certificate.certificate] },
  };
}
