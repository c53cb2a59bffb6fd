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
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly protocol?: 'udp' | 'tcp';
  readonly relayProtocol?: 'udp' | 'tcp' | 'tls';
  readonly candidateType?: string;
  readonly frames?: number;
}

/** The counters of a looped stream at one moment. */
export interface LoopSample {
  readonly atMs: number;
  readonly bytesReceived: number;
  /** Pictures that the page has made to be sent; not every browser says it. */
  readonly picturesMade: number | undefined;
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
  const pair = pairInUse(sent);
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
    picturesMade: sent.find(({ type, kind }) => type === 'media-source' && kind === 'video')?.frames,
    availableBitrate: pair?.availableOutgoingBitrate,
    statistics: {
      audio: statisticsOf('audio'),
      video: statisticsOf('video'),
      path:
        local?.protocol === undefined
          ? undefined
          : { protocol: protocolOf(local), isRelayed: local.candidateType === 'relay' },
    },
  };
}

/** After a restart of ICE, or with a better way found, several were nominated; Firefox tells the present one by a word of its own. */
function pairInUse(sent: readonly Counted[]): Counted | undefined {
  const id = sent.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const nominated = sent.filter(
    ({ type, nominated: isNominated, state }) =>
      type === 'candidate-pair' && isNominated === true && state === 'succeeded',
  );

  return (
    sent.find((one) => id !== undefined && one.id === id) ??
    nominated.find(({ selected }) => selected === true) ??
    nominated[0]
  );
}

/** To the relay, where there is one: from there on it is UDP. */
function protocolOf({ protocol, relayProtocol = protocol }: Counted): 'udp' | 'tcp' {
  return relayProtocol === 'udp' ? 'udp' : 'tcp';
}

/** Below, there is too little in the pictures to fill the network, however hard they are to encode. */
const leastPicturesPerSecond = 5;

/** Whether the page made so few pictures that what came through says nothing, as it does in a tab that nobody sees. */
export function lacksPictures(samples: readonly LoopSample[]): boolean {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first?.picturesMade === undefined || last?.picturesMade === undefined || first === last) {
    return false;
  }

  return last.picturesMade - first.picturesMade < (leastPicturesPerSecond * (last.atMs - first.atMs)) / 1_000;
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
