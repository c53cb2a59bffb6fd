import type { Database, Transaction } from '@parley/db';

/** Rows taken at once: enough to be quick, few enough to be held in memory and to be locked for a moment only. */
const batch = 1_000;

/** A transaction that publishes to a backplane across a network may take longer than one of a request. */
const timeout = 60_000;

export interface IdRow {
  readonly id: string;
}

/**
 * Walks a table in the order of its ids, and answers all of them. `lock` takes the ids behind the last one with `FOR SHARE`, and they stay
 * locked until `use` is done with them: what another api changes meanwhile, it publishes afterwards.
 */
export async function eachBatch(
  database: Database,
  lock: (transaction: Transaction, after: string, limit: number) => Promise<IdRow[]>,
  use: (transaction: Transaction, ids: string[]) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const walked = new Set<string>();
  let after = '';
  let isMore = true;
  while (isMore) {
    const ids = await database.$transaction(
      async (transaction) => {
        const locked = (await lock(transaction, after, batch)).map(({ id }) => id);
        await use(transaction, locked);

        return locked;
      },
      { timeout },
    );
    after = ids.at(-1) ?? after;
    isMore = ids.length === batch;
    ids.forEach((id) => walked.add(id));
  }

  return walked;
}
