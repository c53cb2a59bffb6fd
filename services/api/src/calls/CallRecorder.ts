import type { Backplane, CallEvent, CallEventSubscription } from '@parley/backplane';
import { isPassing, type Database, type Transaction } from '@parley/db';
import type { Clock, Timer } from '@parley/kit';
import type { Logger } from 'pino';
import { LostCalls } from './LostCalls.ts';
import { passOverRecorded } from './passOverRecorded.ts';
import { writeCallEvents } from './writeCallEvents.ts';

/** How often it is looked for calls whose node died. */
const searchIntervalMs = 60_000;

export interface CallRecorderOptions {
  readonly database: Database;
  readonly backplane: Pick<Backplane, 'callEvents' | 'callDirectory'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Writes the records of calls from what the sfu nodes tell. */
export class CallRecorder {
  readonly #options: CallRecorderOptions;
  readonly #lostCalls: LostCalls;
  readonly #subscription: CallEventSubscription;
  #timer: Timer | undefined;
  #searching: Promise<void> = Promise.resolve();
  /** The database was away when events came: they wait, and the records do not tell what is. */
  #isBehind = false;
  #isClosed = false;

  /** Begins at once and does not wait for the database. */
  constructor(options: CallRecorderOptions) {
    const { database, backplane, clock } = options;
    this.#options = options;
    this.#lostCalls = new LostCalls({ database, callDirectory: backplane.callDirectory, clock });
    this.#subscription = backplane.callEvents.consume((events) => this.#take(events));
    this.#search();
  }

  /** Writes what was published before; the database may be closed afterwards. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#subscription.close();
    await this.#searching;
  }

  /** Rejects when the database is away or busy, so that the events come again. */
  async #take(events: readonly CallEvent[]): Promise<void> {
    try {
      await this.#record(events);
      this.#isBehind = false;
    } catch (error) {
      this.#isBehind = true;
      throw error;
    }
  }

  /**
   * What cannot be written for another reason never can: then each call is tried for itself, and of one that fails
   * each event. What fails alone is given up, rather than holding up what is behind it or losing the rest of its call.
   */
  async #record(events: readonly CallEvent[]): Promise<void> {
    try {
      await this.#options.database.$transaction((transaction) => this.#write(transaction, events));
    } catch (error) {
      if (isPassing(error)) {
        throw error;
      }
      const [event] = events;
      if (event !== undefined && events.length === 1) {
        const { applicationId, callId, name } = event;
        this.#options.logger.error(
          { err: error, applicationId, callId, name },
          'event of a call not recorded',
        );

        return;
      }
      for (const part of parts(events)) {
        await this.#record(part);
      }
    }
  }

  async #write(transaction: Transaction, events: readonly CallEvent[]): Promise<void> {
    const applicationIds = [...new Set(events.map(({ applicationId }) => applicationId))];
    // Locked, because no record can be written of an application that is deleted meanwhile.
    const rows = await transaction.$queryRaw<{ id: string }[]>`
      SELECT id FROM "Application" WHERE id = ANY(${applicationIds}) FOR KEY SHARE`;
    const known = new Set(rows.map(({ id }) => id));
    const unknown = applicationIds.filter((id) => !known.has(id));
    if (unknown.length > 0) {
      this.#options.logger.warn({ applicationIds: unknown }, 'events of unknown applications dropped');
    }
    await writeCallEvents(
      transaction,
      await passOverRecorded(
        transaction,
        events.filter(({ applicationId }) => known.has(applicationId)),
      ),
    );
  }

  #search(): void {
    this.#searching = this.#endLostCalls();
  }

  async #endLostCalls(): Promise<void> {
    const { logger, clock } = this.#options;
    try {
      const count = this.#isBehind ? 0 : await this.#lostCalls.end();
      if (count > 0) {
        logger.info({ count }, 'calls ended whose node is gone');
      }
    } catch (error) {
      logger.warn({ err: error }, 'no search for calls whose node is gone');
    }
    if (!this.#isClosed) {
      this.#timer = clock.schedule(searchIntervalMs, () => this.#search());
    }
  }
}

/** The events of each call; of a single call, each event. */
function parts(events: readonly CallEvent[]): (readonly CallEvent[])[] {
  const calls = Map.groupBy(events, ({ applicationId, callId }) => JSON.stringify([applicationId, callId]));

  return calls.size > 1 ? [...calls.values()] : events.map((event) => [event]);
}
