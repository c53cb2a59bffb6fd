import { databaseFailure, defaultConnections, type Transaction } from '@parley/db';
import type { Disposable } from '@parley/kit';
import { tooManyRequests, type ProtocolError } from '@parley/protocol';
import { Publications } from '../admission/Publications.ts';
import { Repairs, type RepairsOptions } from '../admission/Repairs.ts';
import { Turns } from './Turns.ts';

/** Of the connections, how large a part one application may hold: some are left when two of them are stuck. */
const share = 1 / 3;

/** A burst of a backend passes; more than that is told to come back. */
const maxWaiting = 100;
const maxWaitMs = 3_000;

/** How often a transaction is begun that others keep stopping. */
const maxAttempts = 3;

/** What a transaction does. What it publishes is told at its end. */
export type Work<T> = (transaction: Transaction, publish: Publications) => Promise<T>;

export interface TransactionsOptions extends RepairsOptions {
  /** How many the database's pool has; as many as it has by default. */
  readonly connections?: number | undefined;
}

/**
 * The transactions of requests. Each application has a share of the connections, however much it asks and whatever its
 * transactions wait for, so that its neighbours find one. A transaction that was stopped so that another could go on
 * is carried out again, for nothing of it was kept.
 *
 * What the sfu must know of a change it is told as the last step of the transaction. When the telling or the commit
 * fails, what was told is put right from the database.
 */
export class Transactions {
  readonly #options: TransactionsOptions;
  readonly #repairs: Repairs;
  readonly #turns: Turns;
  readonly #stopHearing: Disposable;

  constructor(options: TransactionsOptions) {
    const { clock, connections = defaultConnections } = options;
    this.#options = options;
    this.#repairs = new Repairs(options);
    this.#stopHearing = options.backplane.admission.onLost(() => this.#repairs.addEverything());
    this.#turns = new Turns(
      { atOnce: Math.max(1, Math.floor(connections * share)), maxWaiting, maxWaitMs, refusal: tooMany },
      clock,
    );
  }

  /** `owner` is the application that asks, or undefined for the operator. */
  async run<T>(owner: string | undefined, work: Work<T>): Promise<T> {
    // No application has an empty id.
    const line = owner ?? '';

    return this.#turns.take(line, async () => {
      try {
        return await this.#attempt(work, maxAttempts);
      } catch (error) {
        if (databaseFailure(error) === 'unavailable') {
          // Each of those who wait would wait for the database as long again.
          this.#turns.refuseWaiting(line, error);
        }
        throw error;
      }
    });
  }

  /** What could not be put right by now is for the api that starts next. Idempotent. */
  async close(): Promise<void> {
    this.#stopHearing();
    await this.#repairs.close();
  }

  async #attempt<T>(work: Work<T>, attempts: number): Promise<T> {
    const { database, backplane } = this.#options;
    const publish = new Publications();
    try {
      return await database.$transaction(async (transaction) => {
        const result = await work(transaction, publish);
        await publish.deliver(transaction, backplane.admission);

        return result;
      });
    } catch (error) {
      this.#repairs.add(publish.touched);
      if (attempts > 1 && databaseFailure(error) === 'contended') {
        return this.#attempt(work, attempts - 1);
      }
      throw error;
    }
  }
}

function tooMany(): ProtocolError {
  return tooManyRequests(1, 'Too many changes of this application are under way.');
}
