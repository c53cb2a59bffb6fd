import {
  ProtocolError,
  type ConsumerInfo,
  type RtpCapabilities,
  type RtpParameters,
  type TransportParameters,
} from '@parley/protocol';
import { getSupportedRtpCapabilities, type types } from 'mediasoup';

// The protocol's RTP shapes and mediasoup's are the same on the wire. The casts stand for what only the types
// see: mediasoup names the header extensions it knows (and rejects others itself), and declares its optional
// fields without `undefined`.

const knownHeaderExtensions: ReadonlySet<string> = new Set(
  getSupportedRtpCapabilities().headerExtensions?.map(({ uri }) => uri),
);

/** What a client sends, as mediasoup takes it. Throws `invalid_request` when that is not of the kind. */
export function toMediasoupParameters(kind: types.MediaKind, parameters: RtpParameters): types.RtpParameters {
  // mediasoup takes the kind on trust; a role that may send no sound must not send it as a picture.
  if (!parameters.codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`))) {
    throw new ProtocolError('invalid_request', `The codecs are not those of ${kind}.`);
  }
  const encodings = parameters.encodings?.map(({ maxBitrate, ...encoding }) => ({
    ...encoding,
    // mediasoup 3.27 throws on a fraction in the middle of writing the message, which garbles everything that
    // is sent to that worker afterwards, for every call on it.
    ...(maxBitrate === undefined ? {} : { maxBitrate: Math.round(maxBitrate) }),
  }));

  // As with that fraction: mediasoup throws on an extension it does not know when half the message is written.
  const headerExtensions = parameters.headerExtensions?.filter(({ uri }) => knownHeaderExtensions.has(uri));

  return {
    ...parameters,
    ...(encodings === undefined ? {} : { encodings }),
    ...(headerExtensions === undefined ? {} : { headerExtensions }),
  } as types.RtpParameters;
}

export function toMediasoupCapabilities(capabilities: RtpCapabilities): types.RtpCapabilities {
  return capabilities as types.RtpCapabilities;
}

export function fromMediasoupCapabilities(capabilities: types.RtpCapabilities): RtpCapabilities {
  return capabilities as RtpCapabilities;
}

export function toConsumerInfo(consumer: types.Consumer): ConsumerInfo {
  return {
    id: consumer.id,
    producerId: consumer.producerId,
    kind: consumer.kind,
    rtpParameters: consumer.rtpParameters as RtpParameters,
  };
}

export function toTransportParameters(transport: types.WebRtcTransport): TransportParameters {
  const { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters } = transport;
  const base = { id, iceParameters, iceCandidates, dtlsParameters };
  if (sctpParameters === undefined) {
    return base;
  }
  const { port, OS, MIS, maxMessageSize } = sctpParameters;

  return { ...base, sctpParameters: { port, OS, MIS, maxMessageSize } };
}
