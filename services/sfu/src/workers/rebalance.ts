/** One worker and the calls on it. */
export interface LoadedWorker<Worker, Call> {
  readonly worker: Worker;
  /** What its load has not been below lately, and what it is going to be. */
  readonly atLeast: number;
  readonly expectedLoad: number;
  /** The weight of a call is its share among those on the worker. */
  readonly calls: readonly { readonly call: Call; readonly weight: number }[];
}

export interface Move<Worker, Call> {
  readonly call: Call;
  readonly from: Worker;
  readonly to: Worker;
}

/** A worker is not filled up to the limit: the next measurement would move the call on. */
const margin = 0.05;

/**
 * The call whose move relieves the busiest worker above the limit that can be relieved: the smallest that brings it below,
 * else the largest. It goes to the worker with the least to do, if it fits there; otherwise nothing is moved off that
 * worker, as with a call that is alone on it and would be as much of a load anywhere else.
 */
export function rebalance<Worker, Call>(
  workers: readonly LoadedWorker<Worker, Call>[],
  limit: number,
): Move<Worker, Call> | undefined {
  const overloaded = workers
    .filter(({ atLeast }) => atLeast > limit)
    .toSorted((one, other) => other.atLeast - one.atLeast);
  for (const from of overloaded) {
    const move = relieve(from, { workers, limit });
    if (move !== undefined) {
      return move;
    }
  }

  return undefined;
}

function relieve<Worker, Call>(
  from: LoadedWorker<Worker, Call>,
  { workers, limit }: { readonly workers: readonly LoadedWorker<Worker, Call>[]; readonly limit: number },
): Move<Worker, Call> | undefined {
  const to = workers
    .filter((worker) => worker !== from)
    .toSorted((one, other) => one.expectedLoad - other.expectedLoad)[0];
  if (to === undefined || from.calls.length < 2) {
    return undefined;
  }
  const total = from.calls.reduce((sum, { weight }) => sum + weight, 0);
  const fitting = from.calls
    .map(({ call, weight }) => ({ call, load: total === 0 ? 0 : (from.atLeast * weight) / total }))
    .filter(({ load }) => load > 0 && to.expectedLoad + load <= limit - margin)
    .toSorted((one, other) => one.load - other.load);
  const chosen = fitting.find(({ load }) => from.atLeast - load <= limit) ?? fitting.at(-1);

  return chosen && { call: chosen.call, from: from.worker, to: to.worker };
}
