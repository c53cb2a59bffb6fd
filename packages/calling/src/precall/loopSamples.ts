import type { MediaSessionStats } from '../media/MediaPort.ts';
import type { CallMediaStatistics, LoopStatistics } from './precallTypes.ts';

type Kind = 'audio' | 'video';

/** What browsers count, as far as it is used here (W3C WebRTC Statistics); not all of them count all of it. */
interface Counted {
  readonly id: string;
  readonly type: string;
  readonly kind?: Kind;
  readonly bytesReceived?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly localCandidateId?: string;
  readonly protocol?: 'udp' | 'tcp';
  readonly candidateType?: string;
}

/** The counters of a looped stream at one moment. */
export interface LoopSample {
  readonly atMs: number;
  readonly bytesReceived: number;
  /** What the browser believes the way to the server can carry, bits per second; not every browser says it. */
  readonly availableBitrate: number | undefined;
  readonly statistics: CallMediaStatistics;
}

/** @param reports Of what is sent, and of what is received. */
export function readSample({ send, receive }: MediaSessionStats, atMs: number): LoopSample {
  const [sent, received] = [send, receive].map((report): Counted[] => [...report.values()]) as [
    Counted[],
    Counted[],
  ];
  const pair = sent.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated === true && state === 'succeeded',
  );
  const local = sent.find(({ id }) => id === pair?.localCandidateId);
  const inbound = received.filter(({ type }) => type === 'inbound-rtp');
  const statisticsOf = (kind: Kind): LoopStatistics | undefined => {
    const stream = inbound.find((one) => one.kind === kind);
    const { packetsReceived = 0, packetsLost = 0, jitter = 0 } = stream ?? {};
    const remote = sent.find((one) => one.type === 'remote-inbound-rtp' && one.kind === kind);
    const roundTripTime = remote?.roundTripTime ?? pair?.currentRoundTripTime;

    return packetsReceived === 0
      ? undefined
      : {
          jitterMs: 1_000 * jitter,
          // Repetitions may make it negative (RFC 3550, 6.4.1).
          packetLoss: Math.max(0, packetsLost) / (packetsReceived + Math.max(0, packetsLost)),
          roundTripTimeMs: roundTripTime === undefined ? undefined : 1_000 * roundTripTime,
        };
  };

  return {
    atMs,
    bytesReceived: inbound.reduce((sum, { bytesReceived = 0 }) => sum + bytesReceived, 0),
    availableBitrate: pair?.availableOutgoingBitrate,
    statistics: {
      audio: statisticsOf('audio'),
      video: statisticsOf('video'),
      path:
        local?.protocol === undefined
          ? undefined
          : { protocol: local.protocol, isRelayed: local.candidateType === 'relay' },
    },
  };
}

/** How many samples what came through is averaged over: a single one may hold a burst that had waited. */
const window = 2;

/** The most that came through for a while, both ways, kilobits per second; undefined while nothing did. */
export function throughputOf(samples: readonly LoopSample[]): number | undefined {
  const rates = samples.slice(window).map(({ atMs, bytesReceived }, index) => {
    const { atMs: sinceMs, bytesReceived: before } = samples[index] as LoopSample;

    // Bits a millisecond are kilobits a second.
    return (8 * (bytesReceived - before)) / (atMs - sinceMs);
  });
  const most = Math.max(0, ...rates);

  return most === 0 ? undefined : Math.round(most);
}
