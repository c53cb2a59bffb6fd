/**
 * How good the network is, `call.feature(NetworkQuality)`, and figures of everything sent and received,
 * `call.feature(MediaStats)`.
 *
 * @module
 */
import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { MediaStatsImpl } from './MediaStatsImpl.ts';
import type { MediaStats as MediaStatsFeature } from './mediaStatsTypes.ts';
import { NetworkQualityImpl } from './NetworkQualityImpl.ts';
import type { NetworkQuality as NetworkQualityFeature } from './networkQualityTypes.ts';

/** `call.feature(MediaStats)`: figures of everything sent and received. */
export const MediaStats: CallFeatureFactory<MediaStatsFeature> = (host: CallFeatureHost) =>
  new MediaStatsImpl(host);
export type MediaStats = MediaStatsFeature;

/** `call.feature(NetworkQuality)`: how well media goes over the network. */
export const NetworkQuality: CallFeatureFactory<NetworkQualityFeature> = (host: CallFeatureHost) =>
  new NetworkQualityImpl(host);
export type NetworkQuality = NetworkQualityFeature;

export type {
  AudioReceiveStats,
  AudioSendStats,
  MediaStatsCollector,
  MediaStatsCollectorEvents,
  MediaStatsCollectorOptions,
  MediaStatsSample,
  MediaStatsSummary,
  StatsAggregate,
  TransportStats,
  VideoReceiveStats,
  VideoSendStats,
} from './mediaStatsTypes.ts';
export type {
  NetworkQualityEvents,
  ParticipantQuality,
  Quality,
  QualityLevel,
  QualityOrigin,
  QualityReason,
} from './networkQualityTypes.ts';
