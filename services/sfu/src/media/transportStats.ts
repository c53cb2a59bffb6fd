import type { types } from 'mediasoup';

export type TransportStats = Partial<types.WebRtcTransportStat>;

/** What mediasoup counts of a transport; nothing of one that is closed, as it may be at any time. */
export async function transportStats(transport: types.Transport): Promise<TransportStats> {
  // Every kind of transport has its own statistics, of which WebRTC's have all that is asked for here.
  const [stats] = (await transport.getStats().catch(() => [])) as TransportStats[];

  return stats ?? {};
}
