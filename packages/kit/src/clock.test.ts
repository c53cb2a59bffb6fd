import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from './clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('what is to wait longer than a timer can waits as long as one does, and is not run at once', () => {
  const run = vi.fn<() => void>();
  // As `retryAfterSeconds` of a server that is beside itself.
  systemClock.schedule(1e15, run);

  vi.advanceTimersByTime(2 ** 31 - 2);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
});
