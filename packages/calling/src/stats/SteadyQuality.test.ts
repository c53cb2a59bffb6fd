import { describe, expect, it } from 'vitest';
import { good, type Finding } from './judge.ts';
import { SteadyQuality } from './SteadyQuality.ts';

const poor: Finding = { level: 'Poor', reason: 'delay' };
const bad: Finding = { level: 'Bad', reason: 'loss' };

/** Takes one finding every two seconds; `changes` are the levels as they change, with the second of it. */
function follow(findings: readonly (Finding | undefined)[]) {
  const quality = new SteadyQuality();
  const changes = findings.flatMap((found, index) =>
    quality.take(found, index * 2_000) ? [[index * 2, quality.present.level]] : [],
  );

  return { quality, changes };
}

describe('a quality', () => {
  it('is unknown before anything is found, and good with the first good look', () => {
    expect(follow([undefined, undefined]).changes).toEqual([]);
    expect(follow([undefined, good, good]).changes).toEqual([[2, 'Good']]);
  });

  it('is worse after four seconds of it', () => {
    expect(follow([good, bad, bad]).changes).toEqual([[0, 'Good']]);
    expect(follow([good, bad, bad, bad]).changes).toEqual([
      [0, 'Good'],
      [6, 'Bad'],
    ]);
  });

  it('does not flicker with what comes and goes', () => {
    const comingAndGoing = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? good : bad));
    expect(follow(comingAndGoing).changes).toEqual([[0, 'Good']]);

    const badAtFirst = [bad, bad, bad, ...comingAndGoing];
    expect(follow(badAtFirst).changes).toEqual([[4, 'Bad']]);
  });

  it('is better only after eight seconds of it, and no better than the worst of them', () => {
    const { changes } = follow([good, bad, bad, bad, good, good, poor, good, good]);

    expect(changes).toEqual([
      [0, 'Good'],
      [6, 'Bad'],
      [16, 'Poor'],
    ]);
  });

  it('is no worse than the least of what was found for four seconds', () => {
    const { quality } = follow([good, bad, poor, bad]);

    expect(quality.present).toEqual(poor);
  });

  it('is bad at once where the path or the connection is lost', () => {
    const lost: Finding = { level: 'Bad', reason: 'connection' };

    expect(follow([good, lost]).changes).toEqual([
      [0, 'Good'],
      [2, 'Bad'],
    ]);
  });

  it('that stays as bad for another reason says so after four seconds, as when the connection is back and packets are lost', () => {
    const lost: Finding = { level: 'Bad', reason: 'connection' };
    const { quality, changes } = follow([good, lost, bad, bad, bad]);

    expect(changes).toEqual([
      [0, 'Good'],
      [2, 'Bad'],
      [8, 'Bad'],
    ]);
    expect(quality.present).toEqual(bad);
    expect(follow([lost, bad, lost, bad, lost, bad]).quality.present).toEqual(lost);
  });

  it('is unknown again after eight seconds without anything to judge by', () => {
    expect(follow([good, undefined, undefined, undefined, undefined]).changes).toEqual([[0, 'Good']]);
    expect(follow([good, undefined, undefined, undefined, undefined, undefined]).changes).toEqual([
      [0, 'Good'],
      [10, 'Unknown'],
    ]);
  });
});
