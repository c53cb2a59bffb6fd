import { describe, expect, it } from 'vitest';
import { qualityOf, ratingOfBandwidth, worseOf } from './rating.ts';

describe('the rating', () => {
  it.each([
    [299, 'Bad'],
    [300, 'Average'],
    [999, 'Average'],
    [1_000, 'Good'],
  ] as const)('of %d kbit/s is %s', (kbps, rating) => {
    expect(ratingOfBandwidth(kbps)).toBe(rating);
  });

  it.each([
    [{ jitterMs: 30, packetLoss: 0.02, roundTripTimeMs: 200 }, 'Good'],
    [{ jitterMs: 31, packetLoss: 0.03, roundTripTimeMs: 201 }, 'Average'],
    [{ jitterMs: 60, packetLoss: 0.08, roundTripTimeMs: 400 }, 'Average'],
    [{ jitterMs: 61, packetLoss: 0.09, roundTripTimeMs: 401 }, 'Bad'],
  ] as const)('of %o is the same of each', (statistics, rating) => {
    expect(qualityOf(statistics)).toEqual({ jitter: rating, packetLoss: rating, rtt: rating });
  });

  it('of a round trip that the browser does not tell is none', () => {
    expect(qualityOf({ jitterMs: 0, packetLoss: 0, roundTripTimeMs: undefined }).rtt).toBeUndefined();
  });

  it('of both ways is the worse', () => {
    expect(worseOf('Good', 'Good')).toBe('Good');
    expect(worseOf('Good', 'Average')).toBe('Average');
    expect(worseOf('Bad', 'Average')).toBe('Bad');
  });
});
