import { systemClock, type Timer } from '@parley/kit';
import type { types } from 'mediasoup';

/** Counted instead of timed: while this process itself stands still, it misses nothing. */
const maxMissedBeats = 5;

/**
 * Asks the worker at every beat what it has used, and kills one that has not answered for several: it hangs, and
 * only a process that is gone lets what waits for it fail and its calls go on elsewhere.
 *
 * @param onBeat Is told the processor time it has used, in milliseconds.
 */
export function watchPulse(worker: types.Worker, beatMs: number, onBeat: (cpuMs: number) => void): void {
  let missed = 0;
  let timer: Timer | undefined;
  const hear = ({ ru_utime: userMs, ru_stime: systemMs }: types.WorkerResourceUsage): void => {
    missed = 0;
    onBeat(userMs + systemMs);
  };
  const beat = (): void => {
    if (missed === maxMissedBeats) {
      process.kill(worker.pid, 'SIGKILL');

      return;
    }
    missed += 1;
    worker.getResourceUsage().then(
      hear,
      // It was closed; the observer tells.
      () => {},
    );
    timer = systemClock.schedule(beatMs, beat);
  };

  worker.observer.once('close', () => timer?.cancel());
  beat();
}
