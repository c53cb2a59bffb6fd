import { systemClock, type Timer } from '@parley/kit';
import type { types } from 'mediasoup';

/** Counted instead of timed: while this process itself stands still, it misses nothing. */
const maxMissedBeats = 5;

/**
 * Asks the worker at every beat whether it still answers, and kills one that has not for several: it hangs, and
 * only a process that is gone lets what waits for it fail and its calls end.
 */
export function watchPulse(worker: types.Worker, beatMs: number): void {
  let missed = 0;
  let timer: Timer | undefined;
  const beat = (): void => {
    if (missed === maxMissedBeats) {
      process.kill(worker.pid, 'SIGKILL');

      return;
    }
    missed += 1;
    worker.getResourceUsage().then(
      () => (missed = 0),
      // It was closed; the observer tells.
      () => {},
    );
    timer = systemClock.schedule(beatMs, beat);
  };

  worker.observer.once('close', () => timer?.cancel());
  beat();
}
