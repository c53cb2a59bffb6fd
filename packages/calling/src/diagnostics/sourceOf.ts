import type { StatsEntry } from '../stats/rtcStats.ts';
import type { StatsLook } from '../stats/StatsWatch.ts';

/** The `RTCMediaSourceStats` of what is sent from a device and should flow; undefined where the browser has none. */
export function sourceOf(
  look: StatsLook | undefined,
  source: 'camera' | 'microphone',
): StatsEntry | undefined {
  const stream = look?.streams.find(
    (known) => known.direction === 'send' && known.source === source && known.isFlowing,
  );
  const sent = [...(look?.reading.send.values() ?? [])].find(
    ({ type, mid }) => type === 'outbound-rtp' && mid !== undefined && mid === stream?.mid,
  );

  return sent?.mediaSourceId === undefined ? undefined : look?.reading.send.get(sent.mediaSourceId);
}
