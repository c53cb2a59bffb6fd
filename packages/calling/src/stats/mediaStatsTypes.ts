import type { MediaSource } from '@parley/protocol';
import type { Observable } from '../events.ts';

/** What a number was over one aggregation interval, from those samples that have it. */
export interface StatsAggregate {
  /** The smallest sample. */
  readonly min: number;
  /** The largest sample. */
  readonly max: number;
  /** The mean of the samples. */
  readonly mean: number;
  /** How many samples it is from; without any there is no aggregate. */
  readonly count: number;
}

/** What there is of each stream that is sent or received. Names that W3C webrtc-stats has mean what they mean there. */
interface StreamStats<Value> {
  /** Of its transceiver. With simulcast each encoding has an entry, told apart by `rid`. */
  readonly mid: string;
  /** The `RTCRtpEncodingParameters.rid`; undefined without simulcast, and for what is received. */
  readonly rid: string | undefined;
  /** Undefined for what is received and belongs to nobody at the moment, as a slot of sound does while all are silent. */
  readonly source: MediaSource | undefined;
  /** `RemoteParticipant.endpointId` of who sends it; undefined for this page itself. */
  readonly endpointId: string | undefined;
  /** MIME type, such as `video/VP8`. */
  readonly codec: string | undefined;
  /** Bits per second of payload, retransmissions included. */
  readonly bitrate: Value;
  readonly packetsPerSecond: Value;
  /** Share of the packets that were lost on the way, 0 to 1; of what is sent, as the server reports it. */
  readonly fractionLost: Value;
  /** Seconds; of what is sent, as the server reports it. */
  readonly jitter: Value;
}

/** What there is of sound that this page sends. */
export interface AudioSendStats<Value = number | undefined> extends StreamStats<Value> {
  /** Seconds. */
  readonly roundTripTime: Value;
  /** Loudness of the microphone, 0 to 1. */
  readonly audioLevel: Value;
}

/** What there is of sound that is received. */
export interface AudioReceiveStats<Value = number | undefined> extends StreamStats<Value> {
  /** Mean time that sound waited to be played, seconds. */
  readonly jitterBufferDelay: Value;
  /** Share of what was played that had to be made up because it had not arrived, 0 to 1. */
  readonly concealedFraction: Value;
  /** Loudness, 0 to 1. */
  readonly audioLevel: Value;
}

/** What there is of pictures that this page sends. */
export interface VideoSendStats<Value = number | undefined> extends StreamStats<Value> {
  /** Seconds. */
  readonly roundTripTime: Value;
  /** Pixels. */
  readonly frameWidth: Value;
  /** Pixels. */
  readonly frameHeight: Value;
  /** Encoded. */
  readonly framesPerSecond: Value;
  /** What keeps the picture from being better. */
  readonly qualityLimitationReason: 'none' | 'cpu' | 'bandwidth' | 'other' | undefined;
}

/** What there is of pictures that are received. */
export interface VideoReceiveStats<Value = number | undefined> extends StreamStats<Value> {
  /** Pixels. */
  readonly frameWidth: Value;
  /** Pixels. */
  readonly frameHeight: Value;
  /** Decoded. */
  readonly framesPerSecond: Value;
  /** How often the picture stood still since the sample before. */
  readonly freezeCount: Value;
  /** For how long it stood still since the sample before, seconds. */
  readonly freezesDuration: Value;
  /** Mean time that frames waited to be decoded, seconds. */
  readonly jitterBufferDelay: Value;
}

/** One of the two ways to the server: everything sent goes over one, everything received over the other. */
export interface TransportStats<Value = number | undefined> {
  /** Whether it carries what this page sends, or what it receives. */
  readonly direction: 'send' | 'receive';
  /** `RTCIceCandidateType` of this page's end of the path; undefined while there is none. */
  readonly localCandidateType: 'host' | 'srflx' | 'prflx' | 'relay' | undefined;
  /** The same of the server's end. */
  readonly remoteCandidateType: 'host' | 'srflx' | 'prflx' | 'relay' | undefined;
  /** To the server, or to the relay. */
  readonly protocol: string | undefined;
  /** Seconds. */
  readonly currentRoundTripTime: Value;
  /** What the network has room for, bits per second, as this browser has found out by sending. */
  readonly availableOutgoingBitrate: Value;
  /** As above, of what is received; few browsers say it. */
  readonly availableIncomingBitrate: Value;
  /** Bits per second. */
  readonly outgoingBitrate: Value;
  /** Bits per second. */
  readonly incomingBitrate: Value;
}

/**
 * By what a report is of, a `Value` is: in a sample the number, undefined where the browser does not say it; in a summary
 * what its samples came to, an aggregate for each of its data points.
 */
interface StatsOf<Value> {
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number;
  /** Microphones, and the sound of shared screens. */
  readonly audio: {
    readonly send: readonly AudioSendStats<Value>[];
    readonly receive: readonly AudioReceiveStats<Value>[];
  };
  /** Cameras. */
  readonly video: {
    readonly send: readonly VideoSendStats<Value>[];
    readonly receive: readonly VideoReceiveStats<Value>[];
  };
  /** The pictures of shared screens. */
  readonly screenShare: {
    readonly send: readonly VideoSendStats<Value>[];
    readonly receive: readonly VideoReceiveStats<Value>[];
  };
  readonly transports: readonly TransportStats<Value>[];
}

/** How the media of a call does in one moment. */
export type MediaStatsSample = StatsOf<number | undefined>;

/** How it did since the summary before, streams that have ended meanwhile included. */
export type MediaStatsSummary = StatsOf<readonly StatsAggregate[]>;

/** How samples are summed up; each option may be left out. */
export interface MediaStatsCollectorOptions {
  /** Over how many seconds samples are taken together to one data point of a summary, 1 to 3600; 10 by default. */
  readonly aggregationInterval?: number;
  /** How many of them make a summary, 1 to 1000; 6 by default. */
  readonly dataPointsPerAggregation?: number;
}

export type MediaStatsCollectorEvents = {
  /** Once a second, in a call that is entered. */
  sampleReported: [MediaStatsSample];
  /** Every `aggregationInterval` times `dataPointsPerAggregation` seconds. */
  summaryReported: [MediaStatsSummary];
};

/** Looks at the media of a call while, and only while, one of its events has a listener. */
export interface MediaStatsCollector extends Observable<MediaStatsCollectorEvents> {
  /** Reports nothing more. May be called more than once; the end of the call does it, too. */
  dispose(): void;
}

/** Figures of everything sent and received in a call. */
export interface MediaStats {
  /**
   * @example
   * const collector = call.feature(MediaStats).createCollector({ aggregationInterval: 10, dataPointsPerAggregation: 6 });
   * collector.on('sampleReported', (sample) => console.log(sample.video.receive[0]?.frameHeight));
   * @throws TypeError for options out of their bounds.
   * @throws CallError `invalid_state` after the end of the call.
   */
  createCollector(options?: MediaStatsCollectorOptions): MediaStatsCollector;
}
