import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { exponentialBackoff, listedDelays, retry } from './retry.ts';

/** Fires every timer at once and remembers the delays asked for. */
function instantClock(): Clock & { delays: number[] } {
  const delays: number[] = [];

  return {
    delays,
    now: () => 0,
    schedule(delayMs, callback) {
      delays.push(delayMs);
      callback();

      return { cancel: () => {} };
    },
  };
}

const policy = exponentialBackoff({ attempts: 4, firstDelayMs: 100, maxDelayMs: 300, jitter: 0 });

describe('retry', () => {
  it('repeats with doubled and capped delays until the task succeeds', async () => {
    const clock = instantClock();

    const attempts = await retry(
      async (attempt) => {
        if (attempt < 4) {
          throw new Error('not yet');
        }

        return attempt;
      },
      { policy, clock },
    );

    expect(attempts).toBe(4);
    expect(clock.delays).toEqual([100, 200, 300]);
  });

  it('throws the last error when the policy gives up', async () => {
    await expect(
      retry(async (attempt) => Promise.reject(new Error(`attempt ${attempt}`)), {
        policy,
        clock: instantClock(),
      }),
    ).rejects.toThrow('attempt 4');
  });

  it('waits no shorter than the other side asks for', async () => {
    const clock = instantClock();

    await expect(
      retry(async () => Promise.reject(new Error('later')), { policy, leastDelayMs: () => 250, clock }),
    ).rejects.toThrow('later');
    expect(clock.delays).toEqual([250, 250, 300]);
  });

  it('throws at once what is not retryable', async () => {
    const clock = instantClock();

    await expect(
      retry(async () => Promise.reject(new TypeError('wrong')), {
        policy,
        clock,
        isRetryable: (error) => !(error instanceof TypeError),
      }),
    ).rejects.toThrow('wrong');
    expect(clock.delays).toEqual([]);
  });
});

describe('exponentialBackoff', () => {
  it('takes the jitter share off each delay', () => {
    const jittered = exponentialBackoff({
      attempts: 2,
      firstDelayMs: 100,
      maxDelayMs: 100,
      jitter: 0.5,
      random: () => 1,
    });

    expect(jittered(2)).toBe(50);
  });
});

describe('listedDelays', () => {
  const delaysMs = [300, 1200];
  const delaysOf = (atEnd: 'give up' | 'repeat the last'): (number | undefined)[] =>
    [2, 3, 4, 9].map(listedDelays({ delaysMs, atEnd, jitter: 0 }));

  it('waits as the list says, and then gives up or goes on with the last', () => {
    expect(delaysOf('give up')).toEqual([300, 1200, undefined, undefined]);
    expect(delaysOf('repeat the last')).toEqual([300, 1200, 1200, 1200]);
  });

  it('takes the jitter share off each delay', () => {
    expect(listedDelays({ delaysMs, atEnd: 'give up', jitter: 0.5, random: () => 1 })(2)).toBe(150);
  });
});
