/** A worker as one who looks for a place sees it. */
export interface Candidate {
  readonly expectedLoad: number;
  /** What it has open: tells apart those that are idle. */
  readonly open: number;
}

/** How much less another worker must have to do to be worth a pipe. */
const worthAPipe = 0.1;

/**
 * The better one of two picked at random: nearly as good as the best of all, and, unlike that, not everybody's choice
 * until the next measurement.
 */
export function betterOfTwo<Worker extends Candidate>(
  workers: readonly Worker[],
  random: () => number,
): Worker | undefined {
  const first = Math.floor(random() * workers.length);
  const second = (first + 1 + Math.floor(random() * (workers.length - 1))) % workers.length;
  const [one, other] = [workers[first], workers[second]];

  return one === undefined || other === undefined ? one : leastLoaded([one, other]);
}

/** Undefined when there is none. */
export function leastLoaded<Worker extends Candidate>(workers: readonly Worker[]): Worker | undefined {
  return workers.toSorted((one, other) => one.expectedLoad - other.expectedLoad || one.open - other.open)[0];
}

/**
 * The worker for one more participant of a call: one the call is on already, unless all of these have too much to do
 * and another has clearly less. Undefined when there is no worker.
 */
export function chooseWorker<Worker extends Candidate>(options: {
  readonly present: readonly Worker[];
  readonly others: readonly Worker[];
  readonly spanAbove: number;
  readonly random: () => number;
}): Worker | undefined {
  const { present, others, spanAbove, random } = options;
  const home = present.find(({ expectedLoad }) => expectedLoad <= spanAbove) ?? leastLoaded(present);
  if (home !== undefined && home.expectedLoad <= spanAbove) {
    return home;
  }
  const other = betterOfTwo(others, random);
  if (home === undefined || other === undefined) {
    return home ?? other;
  }

  return other.expectedLoad + worthAPipe <= home.expectedLoad ? other : home;
}
