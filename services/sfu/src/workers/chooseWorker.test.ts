import { describe, expect, it } from 'vitest';
import { betterOfTwo, chooseWorker } from './chooseWorker.ts';

const worker = (expectedLoad: number, open = 0) => ({ expectedLoad, open });

/** Answers these one after another, as `Math.random` might. */
function drawing(...numbers: number[]): () => number {
  return () => numbers.shift() ?? 0;
}

describe('the better of two', () => {
  it('is never the worst of three, whichever two are drawn', () => {
    const workers = [worker(0.9), worker(0.1), worker(0.5)];
    for (const first of [0, 0.4, 0.8]) {
      for (const second of [0, 0.6]) {
        expect(betterOfTwo(workers, drawing(first, second))?.expectedLoad).toBeLessThan(0.9);
      }
    }
  });

  it('draws two different workers', () => {
    const workers = [worker(0.9), worker(0.1)];
    for (const first of [0, 0.5, 0.99]) {
      expect(betterOfTwo(workers, drawing(first, 0.99))).toBe(workers[1]);
    }
  });

  it('is the one with less open when both are idle', () => {
    expect(betterOfTwo([worker(0, 4), worker(0, 2)], drawing(0, 0))?.open).toBe(2);
  });

  it('spreads calls that come at once over the workers, so that the most loaded has at most twice its share', () => {
    const workers = Array.from({ length: 8 }, () => ({ expectedLoad: 0, open: 0 }));
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let call = 0; call < 80; call += 1) {
      const chosen = betterOfTwo(workers, random);
      if (chosen !== undefined) {
        chosen.expectedLoad += 0.01;
      }
    }

    expect(Math.max(...workers.map(({ expectedLoad }) => expectedLoad))).toBeLessThanOrEqual(0.2);
  });
});

describe('the worker for one more participant of a call', () => {
  const choose = (present: number[], others: number[]) =>
    chooseWorker({
      present: present.map((load) => worker(load)),
      others: others.map((load) => worker(load)),
      spanAbove: 0.66,
      random: () => 0,
    })?.expectedLoad;

  it('is the one the call is on, however idle others are', () => {
    expect(choose([0.6], [0, 0])).toBe(0.6);
  });

  it('is another one when those of the call are above the limit', () => {
    expect(choose([0.7], [0.2, 0.3])).toBe(0.2);
    expect(choose([0.7, 0.3], [0.1])).toBe(0.3);
  });

  it('is still the one the call is on when others have hardly less to do', () => {
    expect(choose([0.7], [0.65])).toBe(0.7);
  });

  it('does not exist without workers', () => {
    expect(choose([], [])).toBeUndefined();
  });
});
