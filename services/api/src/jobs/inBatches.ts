/** Rows a statement changes at most: it ends well within the time that queries are given, and locks briefly. */
const batchSize = 500;

/**
 * Calls `work` until it has nothing more to do or the signal stops it. `work` changes at most as many rows as it is
 * told and answers how many; the sum is the answer.
 */
export async function inBatches(
  signal: AbortSignal,
  work: (limit: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  let count: number;
  do {
    count = await work(batchSize);
    total += count;
  } while (count === batchSize && !signal.aborted);

  return total;
}
