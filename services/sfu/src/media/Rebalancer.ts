import type { Clock } from '@parley/kit';
import type { Logger } from 'pino';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { rebalance } from '../workers/rebalance.ts';
import { namesOf } from '../workers/WorkerPool.ts';
import type { MediasoupCallMedia } from './MediasoupCallMedia.ts';

/** Each move interrupts a call for a moment, and shows in the load only seconds later. */
const pauseMs = 5_000;

export interface RebalancerOptions {
  readonly limit: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Moves calls off workers that have too much to do, one at a time. */
export class Rebalancer {
  readonly #options: RebalancerOptions;
  #lastAtMs = -Infinity;

  constructor(options: RebalancerOptions) {
    this.#options = options;
  }

  /** The load of a worker is known anew: moves a call if that helps, and it is not too soon after the last. */
  consider(workers: readonly MediaWorker[], calls: Iterable<MediasoupCallMedia>): void {
    const { limit, clock, logger } = this.#options;
    if (clock.now() - this.#lastAtMs < pauseMs) {
      return;
    }
    const all = [...calls];
    const move = rebalance(
      workers.map((worker) => ({
        worker,
        atLeast: worker.cpu.atLeast,
        expectedLoad: worker.expectedLoad,
        calls: all
          .map((call) => ({ call, weight: call.weightOn(worker) }))
          .filter(({ weight }) => weight > 0),
      })),
      limit,
    );
    if (move === undefined) {
      return;
    }
    const { call, from, to } = move;
    this.#lastAtMs = clock.now();
    call.move(from, to).then(
      () =>
        logger.info(
          { callId: call.id, ...namesOf(from), toPid: to.pid, toPort: to.port },
          'call moved to a worker with less to do',
        ),
      (error: unknown) => logger.warn({ callId: call.id, err: error }, 'call not moved'),
    );
  }
}
