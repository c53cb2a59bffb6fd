import { maxDataMessageBytes } from '@parley/protocol';
import type { types } from 'mediasoup';

/**
 * Where bandwidth estimation begins, bits per second. mediasoup's own 600 kbit/s keeps a lone receiver on the
 * middle layer for many seconds; this lets the top layer of one 720p camera through at the first frame.
 */
const initialOutgoingBitrate = 3_000_000;

/** UDP where it gets through, TCP on the same port where it does not. */
export function transportOptions(
  webRtcServer: types.WebRtcServer,
  { hasDataChannels }: { readonly hasDataChannels: boolean },
): types.WebRtcTransportOptions {
  return {
    enableSctp: hasDataChannels,
    // What the worker lets through is measured once more where it is passed on, with its sender's name before it.
    maxReceiveMessageSize: maxDataMessageBytes,
    webRtcServer,
    enableUdp: true,
    enableTcp: true,
    preferUdp: true,
    initialAvailableOutgoingBitrate: initialOutgoingBitrate,
  };
}
