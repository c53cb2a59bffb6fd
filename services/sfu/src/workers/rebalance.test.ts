import { describe, expect, it } from 'vitest';
import { rebalance, type LoadedWorker } from './rebalance.ts';

function worker(
  name: string,
  load: number,
  calls: Record<string, number>,
  expectedLoad = load,
): LoadedWorker<string, string> {
  return {
    worker: name,
    atLeast: load,
    expectedLoad,
    calls: Object.entries(calls).map(([call, weight]) => ({ call, weight })),
  };
}

const idle = worker('idle', 0, {});

describe('the call to move', () => {
  it('is none while no worker is above the limit', () => {
    expect(rebalance([worker('busy', 0.66, { a: 1, b: 1 }), idle], 0.66)).toBeUndefined();
  });

  it('is the smallest that brings the busiest worker below the limit', () => {
    const busy = worker('busy', 0.8, { large: 50, medium: 20, small: 10 });

    expect(rebalance([idle, busy], 0.66)).toEqual({ call: 'medium', from: 'busy', to: 'idle' });
  });

  it('is the largest that fits when none alone is enough', () => {
    const busy = worker('busy', 1, { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 });

    expect(rebalance([busy, worker('other', 0.3, {})], 0.66)?.call).toBe('g');
  });

  it('goes nowhere it would bring another worker to the limit, and what others were sent there counts', () => {
    const busy = worker('busy', 0.8, { a: 1, b: 1 });

    expect(rebalance([busy, worker('other', 0.3, {})], 0.66)).toBeUndefined();
    expect(rebalance([busy, worker('other', 0.1, {}, 0.3)], 0.66)).toBeUndefined();
    expect(rebalance([busy, worker('other', 0.1, {})], 0.66)?.to).toBe('other');
  });

  it('is none when the call is alone on its worker, or nothing is known of what it weighs', () => {
    expect(rebalance([worker('busy', 0.9, { a: 1 }), idle], 0.66)).toBeUndefined();
    expect(rebalance([worker('busy', 0.9, { a: 0, b: 0 }), idle], 0.66)).toBeUndefined();
  });

  it('is one of the next worker when that of the busiest is alone there, or none of its calls fits anywhere', () => {
    const [alone, large] = [worker('alone', 0.95, { a: 1 }), worker('large', 0.9, { b: 1, c: 1 })];
    const busy = worker('busy', 0.7, { d: 6, e: 1 });
    const other = worker('other', 0.3, {});

    expect(rebalance([alone, busy, other], 0.66)).toEqual({ call: 'e', from: 'busy', to: 'other' });
    expect(rebalance([alone, large, busy, other], 0.66)).toEqual({ call: 'e', from: 'busy', to: 'other' });
  });

  it('does not go back and forth: after the move there is nothing to move', () => {
    const before = [worker('busy', 0.8, { a: 30, b: 30, c: 20 }), worker('other', 0.2, {})];
    const move = rebalance(before, 0.66);
    expect(move).toEqual({ call: 'c', from: 'busy', to: 'other' });

    const after = [worker('busy', 0.6, { a: 30, b: 30 }), worker('other', 0.4, { c: 20 })];
    expect(rebalance(after, 0.66)).toBeUndefined();
  });
});
