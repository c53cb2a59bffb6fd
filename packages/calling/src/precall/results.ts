import { throughputOf } from './loopSamples.ts';
import type { Measured } from './measureLoop.ts';
import type { Bandwidth, BandwidthFigure, CallMediaStatistics, InCallDiagnostics } from './precallTypes.ts';
import { qualityOf, ratingOfBandwidth, worseOf } from './rating.ts';

const nothing: CallMediaStatistics = { audio: undefined, video: undefined, path: undefined };

export function statisticsOf({ samples }: Measured): CallMediaStatistics {
  return samples.at(-1)?.statistics ?? nothing;
}

export function bandwidthOf({ samples, bandwidthCause, cause }: Measured): Bandwidth {
  const down = bandwidthCause === undefined ? throughputOf(samples) : undefined;
  if (down === undefined) {
    return { up: undefined, down: undefined, cause: bandwidthCause ?? cause ?? 'no_media' };
  }
  // What came back has got there; the browser may have found that there is room for more.
  const up = Math.max(down, Math.round((samples.at(-1)?.availableBitrate ?? 0) / 1_000));

  return { up: figureOf(up), down: figureOf(down), cause: undefined };
}

export function diagnosticsOf(measured: Measured): InCallDiagnostics {
  const { up, down } = bandwidthOf(measured);
  const { audio, video } = statisticsOf(measured);

  return {
    connected: audio !== undefined || video !== undefined,
    bandWidth: up && down && worseOf(up.rating, down.rating),
    diagnostics: { audio: audio && qualityOf(audio), video: video && qualityOf(video) },
    cause: audio === undefined && video === undefined ? (measured.cause ?? 'no_media') : undefined,
  };
}

function figureOf(kbps: number): BandwidthFigure {
  return { kbps, rating: ratingOfBandwidth(kbps) };
}
