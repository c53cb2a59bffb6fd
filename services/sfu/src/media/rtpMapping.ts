import type { ConsumerInfo, RtpCapabilities, RtpParameters, TransportParameters } from '@parley/protocol';
import type { types } from 'mediasoup';

/**
 * Between the protocol's RTP shapes and mediasoup's. They are the same on the wire; the casts stand for what
 * only the types see: mediasoup lists the header extensions it knows by name (and rejects others itself), and
 * declares its optional fields without `undefined`.
 */
export function toMediasoupParameters(parameters: RtpParameters): types.RtpParameters {
  const encodings = parameters.encodings?.map(({ maxBitrate, ...encoding }) => ({
    ...encoding,
    // mediasoup 3.27 throws on a fraction in the middle of writing the message, which garbles everything that
    // is sent to that worker afterwards, for every call on it.
    ...(maxBitrate === undefined ? {} : { maxBitrate: Math.round(maxBitrate) }),
  }));

  return { ...parameters, ...(encodings === undefined ? {} : { encodings }) } as types.RtpParameters;
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
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;

  return { id, iceParameters, iceCandidates, dtlsParameters };
}
