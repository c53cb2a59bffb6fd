import type { LoopQuality, LoopStatistics, PreCallQuality } from './precallTypes.ts';

/** Kilobits per second: below the first nothing but sound is of use, from the second on a picture of 720 lines gets through. */
const bandwidthBounds = [300, 1_000] as const;

export function ratingOfBandwidth(kbps: number): PreCallQuality {
  return rating(-kbps, -bandwidthBounds[1], -bandwidthBounds[0]);
}

/** The bounds are those beyond which people begin to notice, and to complain (ITU-T G.114 for delay). */
export function qualityOf({ jitterMs, packetLoss, roundTripTimeMs }: LoopStatistics): LoopQuality {
  return {
    jitter: rating(jitterMs, 30, 60),
    packetLoss: rating(packetLoss, 0.02, 0.08),
    rtt: roundTripTimeMs === undefined ? undefined : rating(roundTripTimeMs, 200, 400),
  };
}

export function worseOf(one: PreCallQuality, other: PreCallQuality): PreCallQuality {
  return [one, other].includes('Bad') ? 'Bad' : [one, other].includes('Average') ? 'Average' : 'Good';
}

/** The smaller the better. */
function rating(value: number, good: number, average: number): PreCallQuality {
  return value <= good ? 'Good' : value <= average ? 'Average' : 'Bad';
}
