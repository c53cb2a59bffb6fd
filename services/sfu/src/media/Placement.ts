import { ProtocolError } from '@parley/protocol';
import { betterOfTwo, chooseWorker, leastLoaded } from '../workers/chooseWorker.ts';
import type { LoadLimits } from '../workers/loadLimits.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { sheddingAfter, sheddingRetrySeconds, sheds, type Shedding } from '../workers/shedding.ts';
import type { WorkerPool } from '../workers/WorkerPool.ts';

export interface PlacementOptions {
  readonly pool: Pick<WorkerPool, 'workers' | 'isRetired' | 'isReadyWithin'>;
  readonly limits: LoadLimits;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** How long a call that has lost its worker waits for another one. */
const replacementLimitMs = 5_000;

/** Which worker carries what, and what each of them can still take. */
export class Placement {
  readonly limits: LoadLimits;
  readonly #pool: PlacementOptions['pool'];
  readonly #random: () => number;
  readonly #shedding = new WeakMap<MediaWorker, Shedding>();

  constructor({ pool, limits, random }: PlacementOptions) {
    this.limits = limits;
    this.#pool = pool;
    this.#random = random;
  }

  /** Waits until there is a worker, if that does not take long; answers whether there is one. */
  isReadySoon(): Promise<boolean> {
    return this.#pool.isReadyWithin(replacementLimitMs);
  }

  /**
   * The worker for somebody who wants in; `present` are those the call is on already.
   *
   * Throws `unavailable` when there is none, or none that takes anybody more, then with seconds to wait.
   *
   * @param avoidsSpan Whether the call goes over to one more worker only when none of its own takes anybody more.
   */
  forNewcomer(present: readonly MediaWorker[], { avoidsSpan }: { avoidsSpan: boolean }): MediaWorker {
    const running = this.#pool.workers;
    const taking = running.filter((worker) => !sheds(this.sheddingOf(worker), 'noJoin'));
    const here = taking.filter((worker) => present.includes(worker));
    const isBound = avoidsSpan && here.length > 0;
    const worker = chooseWorker({
      present: here,
      others: isBound ? [] : taking.filter((other) => !present.includes(other)),
      spanAbove: this.limits.relieveAbove,
      random: this.#random,
    });
    if (worker === undefined && running.length > 0) {
      throw new ProtocolError('unavailable', 'All media workers are busy.', {
        retryAfterSeconds: sheddingRetrySeconds,
      });
    }

    const chosen = required(worker);
    chosen.cpu.joined(1);

    return chosen;
  }

  /**
   * The worker for so many who have to leave theirs: they are in already, and not turned away. They count from now on:
   * all calls of a worker that has died ask in the same moment.
   */
  forMovers(present: readonly MediaWorker[], count: number): MediaWorker {
    const running = this.#pool.workers;
    const here = running.filter((worker) => present.includes(worker));
    const chosen = required(leastLoaded(here) ?? betterOfTwo(running, this.#random));
    chosen.cpu.joined(count);

    return chosen;
  }

  /** Whether the worker is one that was drained. */
  isRetired(worker: MediaWorker): boolean {
    return this.#pool.isRetired(worker);
  }

  /** What the worker does at the moment to stay able to carry what it has. */
  sheddingOf(worker: MediaWorker): Shedding {
    return this.#shedding.get(worker) ?? 'none';
  }

  /** The worker's load is known anew. */
  measured(worker: MediaWorker): void {
    this.#shedding.set(worker, sheddingAfter(this.sheddingOf(worker), worker.cpu, this.limits));
  }
}

function required(worker: MediaWorker | undefined): MediaWorker {
  if (worker === undefined) {
    throw new ProtocolError('unavailable', 'No media worker is running.');
  }

  return worker;
}
