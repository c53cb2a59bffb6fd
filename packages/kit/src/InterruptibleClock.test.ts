import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { InterruptibleClock } from './InterruptibleClock.ts';

const anHourMs = 3_600_000;

describe('an interruptible clock', () => {
  it('ends every wait at once when it is interrupted, each of them once', () => {
    const clock = new InterruptibleClock(systemClock);
    const ended: string[] = [];
    clock.schedule(anHourMs, () => ended.push('first'));
    clock.schedule(anHourMs, () => ended.push('second'));
    clock.schedule(anHourMs, () => ended.push('cancelled')).cancel();

    clock.interrupt();
    clock.interrupt();

    expect(ended).toEqual(['first', 'second']);
  });
});
