import type { CallStream } from '../features/callFeatureTypes.ts';
import type {
  AudioReceiveStats,
  AudioSendStats,
  MediaStatsSample,
  TransportStats,
  VideoReceiveStats,
  VideoSendStats,
} from './mediaStatsTypes.ts';
import { divide, EntryChange, numberOf, sum, type StatsEntry, type StatsReading } from './rtcStats.ts';

/** mediasoup tries out what the network has room for with a stream of its own, which nobody sees. */
const probatorMid = 'probator';

/** One direction of a reading, beside that of the reading before. */
class Side {
  readonly #direction: 'send' | 'receive';
  readonly #now: ReadonlyMap<string, StatsEntry>;
  readonly #before: ReadonlyMap<string, StatsEntry> | undefined;
  readonly #streams: readonly CallStream[];

  constructor(
    direction: 'send' | 'receive',
    now: StatsReading,
    before: StatsReading | undefined,
    streams: readonly CallStream[],
  ) {
    this.#direction = direction;
    this.#now = now[direction];
    this.#before = before?.[direction];
    this.#streams = streams.filter((stream) => stream.direction === direction);
  }

  ofType(type: string, kind?: 'audio' | 'video'): EntryChange[] {
    return [...this.#now.values()]
      .filter((entry) => entry.type === type && (kind === undefined || entry.kind === kind))
      .filter(({ mid }) => mid !== probatorMid)
      .map((entry) => new EntryChange(entry, this.#before?.get(entry.id)));
  }

  find(id: string | undefined): StatsEntry | undefined {
    return id === undefined ? undefined : this.#now.get(id);
  }

  /** What every stream has. */
  common({ entry }: EntryChange) {
    const { mid = '', rid } = entry;
    const stream = this.#streams.find((known) => known.mid === mid);

    return {
      mid,
      rid,
      source: stream?.source,
      endpointId: stream?.participant?.endpointId,
      codec: this.find(entry.codecId)?.mimeType,
    };
  }

  sent(change: EntryChange) {
    // The server's latest receiver report.
    const remote = this.find(change.entry.remoteId);

    return {
      ...this.common(change),
      bitrate: bits(change.perSecond('bytesSent')),
      packetsPerSecond: change.perSecond('packetsSent'),
      fractionLost: numberOf(remote, 'fractionLost'),
      jitter: numberOf(remote, 'jitter'),
      roundTripTime: numberOf(remote, 'roundTripTime'),
    };
  }

  received(change: EntryChange) {
    // It shrinks by packets that were thought lost and come late.
    const lost = change.grown('packetsLost') ?? 0;
    const packets = change.grown('packetsReceived');

    return {
      ...this.common(change),
      bitrate: bits(change.perSecond('bytesReceived')),
      packetsPerSecond: change.perSecond('packetsReceived'),
      fractionLost: divide(lost, sum(lost, packets)),
      jitter: numberOf(change.entry, 'jitter'),
    };
  }

  transport(): TransportStats[] {
    const nominated = this.#nominated();
    const transports = this.ofType('transport');
    // Some browsers have none, and the same counters in the pair.
    const counted = transports.length === 0 && nominated !== undefined ? [nominated] : transports;

    return counted.map((change) => {
      const pair = this.find(change.entry.selectedCandidatePairId) ?? nominated?.entry;
      const local = this.find(pair?.localCandidateId);
      const used = pair && new EntryChange(pair, this.#before?.get(pair.id));
      // Firefox counts bytes by the pair alone.
      const rate = (name: string): number | undefined =>
        bits(change.perSecond(name) ?? used?.perSecond(name));

      return {
        direction: this.#direction,
        localCandidateType: local?.candidateType,
        remoteCandidateType: this.find(pair?.remoteCandidateId)?.candidateType,
        protocol: local?.relayProtocol ?? local?.protocol,
        currentRoundTripTime: numberOf(pair, 'currentRoundTripTime'),
        availableOutgoingBitrate: numberOf(pair, 'availableOutgoingBitrate'),
        availableIncomingBitrate: numberOf(pair, 'availableIncomingBitrate'),
        outgoingBitrate: rate('bytesSent'),
        incomingBitrate: rate('bytesReceived'),
      };
    });
  }

  /** Where no transport names the pair in use. Of several that were nominated Firefox tells the present one by a word of its own. */
  #nominated(): EntryChange | undefined {
    const pairs = this.ofType('candidate-pair').filter(
      ({ entry: { nominated, state } }) => nominated === true && state === 'succeeded',
    );

    return pairs.find(({ entry }) => entry['selected'] === true) ?? pairs[0];
  }
}

/** What changed between two readings, by the streams that there are. Of what counts from the start, rates. */
export function toSample(
  timestamp: number,
  streams: readonly CallStream[],
  now: StatsReading,
  before: StatsReading | undefined,
): MediaStatsSample {
  const send = new Side('send', now, before, streams);
  const receive = new Side('receive', now, before, streams);
  const sentVideos = send.ofType('outbound-rtp', 'video').map((change) => videoSent(send, change));
  const receivedVideos = receive
    .ofType('inbound-rtp', 'video')
    .map((change) => videoReceived(receive, change));
  const isScreen = ({ source }: { source: unknown }): boolean => source === 'screen';
  const isCamera = (stats: { source: unknown }): boolean => !isScreen(stats);

  return {
    timestamp,
    audio: {
      send: send.ofType('outbound-rtp', 'audio').map((change) => audioSent(send, change)),
      receive: receive.ofType('inbound-rtp', 'audio').map((change) => audioReceived(receive, change)),
    },
    video: { send: sentVideos.filter(isCamera), receive: receivedVideos.filter(isCamera) },
    screenShare: { send: sentVideos.filter(isScreen), receive: receivedVideos.filter(isScreen) },
    transports: [...send.transport(), ...receive.transport()],
  };
}

function audioSent(side: Side, change: EntryChange): AudioSendStats {
  const source = side.find(change.entry.mediaSourceId);

  return { ...side.sent(change), audioLevel: numberOf(source, 'audioLevel') };
}

function audioReceived(side: Side, change: EntryChange): AudioReceiveStats {
  return {
    ...side.received(change),
    jitterBufferDelay: meanDelay(change),
    concealedFraction: divide(concealed(change), change.grown('totalSamplesReceived')),
    audioLevel: numberOf(change.entry, 'audioLevel'),
  };
}

/** Of silence nothing is missed. */
function concealed(change: EntryChange): number | undefined {
  const silent = change.grown('silentConcealedSamples') ?? 0;

  return sum(change.grown('concealedSamples'), -silent);
}

function videoSent(side: Side, change: EntryChange): VideoSendStats {
  return {
    ...side.sent(change),
    ...size(change),
    framesPerSecond: change.perSecond('framesEncoded'),
    qualityLimitationReason: change.entry.qualityLimitationReason,
  };
}

function videoReceived(side: Side, change: EntryChange): VideoReceiveStats {
  return {
    ...side.received(change),
    ...size(change),
    framesPerSecond: change.perSecond('framesDecoded'),
    freezeCount: change.grown('freezeCount'),
    freezesDuration: change.grown('totalFreezesDuration'),
    jitterBufferDelay: meanDelay(change),
  };
}

function size({ entry }: EntryChange) {
  return { frameWidth: numberOf(entry, 'frameWidth'), frameHeight: numberOf(entry, 'frameHeight') };
}

/** W3C webrtc-stats has the delays of all that was emitted in one sum. */
function meanDelay(change: EntryChange): number | undefined {
  return divide(change.grown('jitterBufferDelay'), change.grown('jitterBufferEmittedCount'));
}

function bits(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes * 8;
}
