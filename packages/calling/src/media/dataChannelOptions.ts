import type { DataChannelKind } from '@parley/protocol';

/** How each kind of channel is opened (W3C WebRTC, `RTCDataChannelInit`). */
export const dataChannelOptions = {
  ordered: { ordered: true },
  lossy: { ordered: false, maxRetransmits: 0 },
} as const satisfies Record<DataChannelKind, RTCDataChannelInit>;
