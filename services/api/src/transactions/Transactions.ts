import { databaseFailure, defaultConnections, type Database, type Transaction } from '@parley/db';
import type { Clock } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import { Turns } from './Turns.ts';

/** Of the connections, how large a part one application may hold: some are left when two of them are stuck. */
const share = 1 / 3;

/** A burst of a backend passes; more than that is told to come back. */
const maxWaiting = 100;
const maxWaitMs = 3_000;

/** How often a transaction is begun that others keep stopping. */
const maxAttempts = 3;

export interface TransactionsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** How many the database's pool has; as many as it has by default. */
  readonly connections?: number | undefined;
}

/**
 * The transactions of requests. Each application has a share of the connections, however much it asks and whatever its
 * transactions wait for, so that its neighbours find one. A transaction that was stopped so that another could go on
 * is carried out again: nothing of it was kept, and what it published it publishes once more.
 */
export class Transactions {
  readonly #database: Database;
  readonly #turns: Turns;

  constructor({ database, clock, connections = defaultConnections }: TransactionsOptions) {
    this.#database = database;
    this.#turns = new Turns(
      { atOnce: Math.max(1, Math.floor(connections * share)), maxWaiting, maxWaitMs, refusal: tooMany },
      clock,
    );
  }

  /** `owner` is the application that asks, or undefined for the operator. */
  async run<T>(owner: string | undefined, work: (transaction: Transaction) => Promise<T>): Promise<T> {
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

  async #attempt<T>(work: (transaction: Transaction) => Promise<T>, attempts: number): Promise<T> {
    try {
      return await this.#database.$transaction(work);
    } catch (error) {
      if (attempts > 1 && databaseFailure(error) === 'contended') {
        return this.#attempt(work, attempts - 1);
      }
      throw error;
    }
  }
}

function tooMany(): ProtocolError {
  return new ProtocolError('too_many_requests', 'Too many changes of this application are under way.', {
    retryAfterSeconds: 1,
  });
}
