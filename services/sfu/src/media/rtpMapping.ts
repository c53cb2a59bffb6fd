import { randomInt } from 'node:crypto';
import {
  ProtocolError,
  type ConsumerInfo,
  type RtpCapabilities,
  type RtpParameters,
  type TransportParameters,
} from '@parley/protocol';
import { getSupportedRtpCapabilities, type types } from 'mediasoup';
import { tellableParameters } from './codecParameters.ts';

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
  const encodings = (parameters.encodings ?? [{}]).map(toMediasoupEncoding);
  if (new Set(encodings.map(({ rid, ssrc }) => rid ?? ssrc)).size < encodings.length) {
    throw new ProtocolError('invalid_request', 'Two encodings have the same SSRC or the same RID.');
  }
  // A consumer of simulcast reads the packets of all encodings as those of one codec, unchecked (mediasoup 3.27).
  if (new Set(encodings.map(({ codecPayloadType }) => codecPayloadType)).size > 1) {
    throw new ProtocolError('invalid_request', 'The encodings are not all of one codec.');
  }

  // As with that fraction: mediasoup throws on an extension it does not know when half the message is written.
  const headerExtensions = parameters.headerExtensions?.filter(({ uri }) => knownHeaderExtensions.has(uri));

  return {
    ...parameters,
    codecs: parameters.codecs.map((codec) => ({ ...codec, parameters: tellableParameters(codec) })),
    encodings,
    ...(headerExtensions === undefined ? {} : { headerExtensions }),
  } as types.RtpParameters;
}

type RtpEncoding = NonNullable<RtpParameters['encodings']>[number];

/**
 * The worker aborts when packets of two SSRCs come to be one encoding (mediasoup 3.27, `Producer::CreateRtpStream`): the
 * first is found by its RID, or because there is but one encoding, the second because it has the SSRC of the encoding,
 * which is 0 when it has none. That takes everybody's calls along, so each encoding is found in one way only: by the
 * SSRC alone where it is known, else by the RID, with an SSRC that no sender knows.
 */
function toMediasoupEncoding({ ssrc, rid, rtx, maxBitrate, ...encoding }: RtpEncoding): RtpEncoding {
  const common = {
    ...encoding,
    // mediasoup 3.27 throws on a fraction in the middle of writing the message, which garbles everything that
    // is sent to that worker afterwards, for every call on it.
    ...(maxBitrate === undefined ? {} : { maxBitrate: Math.round(maxBitrate) }),
  };
  if (ssrc !== undefined) {
    return { ...common, ssrc, ...(rtx === undefined ? {} : { rtx }) };
  }
  if (rid === undefined) {
    throw new ProtocolError('invalid_request', 'An encoding has neither an SSRC nor a RID.');
  }

  // Its retransmissions are found by the RID as well (RFC 8852).
  return { ...common, rid, ssrc: randomInt(1, 0x1_0000_0000) };
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
