import { describe, expect, it } from 'vitest';
import { standardLoadLimits } from './loadLimits.ts';
import { sheddingAfter, sheddingSteps, sheds, type Shedding } from './shedding.ts';

const after = (before: Shedding, atLeast: number, atMost = atLeast): Shedding =>
  sheddingAfter(before, { atLeast, atMost }, standardLoadLimits);

describe('what a busy worker sheds', () => {
  it('is fewer videos first, then new ones, then newcomers', () => {
    expect([0.75, 0.76, 0.86, 0.91].map((load) => after('none', load))).toEqual(sheddingSteps);
  });

  it('changes only when all of the last measurements say so', () => {
    expect(after('none', 0.5, 0.99)).toBe('none');
    expect(after('noJoin', 0.5, 0.99)).toBe('noJoin');
    expect(after('noJoin', 0.5, 0.8)).toBe('fewerVideos');
  });

  it('includes what was shed before it', () => {
    expect(sheds('noNewVideo', 'fewerVideos')).toBe(true);
    expect(sheds('noNewVideo', 'noJoin')).toBe(false);
    expect(sheds('none', 'fewerVideos')).toBe(false);
  });
});
