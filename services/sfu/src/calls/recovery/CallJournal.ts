import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '@parley/kit';
import type { Logger } from 'pino';
import { JournalPage } from './JournalPage.ts';
import { keptCallSchema, type KeptCall } from './keptCall.ts';

/** How long a node may be away and still go on with its calls: no client waits longer for its own to come back. */
const longestAwayMs = 60_000;

/** How often the node says that it is there. */
const pulseMs = 5_000;

const suffix = '.json';

export interface CallJournalOptions {
  /** Of this node alone; made when it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the journal of an earlier process says. */
export interface EarlierCalls {
  readonly calls: readonly KeptCall[];
  /** Whether they may go on: whoever was in them is still waiting. */
  readonly isRecent: boolean;
}

/**
 * The live calls of this node on the disk, so that they outlive a process that is killed. One small private file for
 * each, and one whose time of change says when the node was there last.
 */
export class CallJournal {
  /** What was there when the journal was opened. */
  readonly earlier: EarlierCalls;
  readonly #options: CallJournalOptions;
  /** What is still done to the pages of calls that are over here. */
  readonly #pending = new Set<Promise<void>>();
  #pulse: Timer | undefined;

  private constructor(options: CallJournalOptions, earlier: EarlierCalls) {
    this.#options = options;
    this.earlier = earlier;
  }

  /** Rejects with a sentence for the operator when the folder cannot be used. */
  static async open(options: CallJournalOptions): Promise<CallJournal> {
    const { folder, clock } = options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const lastThereMs = (await stat(pulseFile(folder)).catch(() => undefined))?.mtimeMs ?? 0;
      const calls = await readCalls(options);
      const journal = new CallJournal(options, {
        calls,
        isRecent: clock.now() - lastThereMs <= longestAwayMs,
      });
      await writeFile(pulseFile(folder), '', { mode: 0o600 });
      journal.#beat();

      return journal;
    } catch (error) {
      throw new Error(
        `The folder for live calls cannot be written: let the service's user write ${folder}.`,
        {
          cause: error,
        },
      );
    }
  }

  /** The page of a live call, which begins empty. */
  page(callId: string, describe: () => KeptCall): JournalPage {
    const { folder, clock, logger } = this.#options;

    return new JournalPage({
      path: join(folder, `${callId}${suffix}`),
      describe,
      clock,
      onError: (error) => logger.error({ err: error, callId }, 'call not written to the journal'),
    });
  }

  /** The call is over. */
  remove(page: JournalPage): void {
    this.#follow(page.remove());
  }

  /** The process stops, and the call goes on in the next one. */
  leave(page: JournalPage): void {
    this.#follow(page.seal());
  }

  /** Nothing is left of a call that does not go on. */
  forget(callId: string): void {
    this.#follow(rm(join(this.#options.folder, `${callId}${suffix}`), { force: true }));
  }

  /** Settles once the calls that are over have gone, and the others are written for the next process. Idempotent. */
  async close(): Promise<void> {
    this.#pulse?.cancel();
    await Promise.all(this.#pending);
    await this.#sayHere();
  }

  #follow(last: Promise<void>): void {
    const followed = last
      .catch((error: unknown) => this.#options.logger.error({ err: error }, 'call not taken off the journal'))
      .finally(() => this.#pending.delete(followed));
    this.#pending.add(followed);
  }

  #beat(): void {
    this.#pulse = this.#options.clock.schedule(pulseMs, () => {
      void this.#sayHere();
      this.#beat();
    });
  }

  async #sayHere(): Promise<void> {
    const { folder, clock, logger } = this.#options;
    const nowSeconds = clock.now() / 1000;
    await utimes(pulseFile(folder), nowSeconds, nowSeconds).catch((error: unknown) =>
      logger.error({ err: error }, 'pulse not written to the journal'),
    );
  }
}

function pulseFile(folder: string): string {
  return join(folder, 'pulse');
}

/** Those that cannot be read are put aside, for the operator to look at. */
async function readCalls({ folder, logger }: CallJournalOptions): Promise<KeptCall[]> {
  const calls: KeptCall[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith(suffix)) {
      try {
        calls.push(keptCallSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
      } catch (error) {
        logger.error({ err: error, path }, 'call in the journal cannot be read');
        await rename(path, `${path}.unreadable`);
      }
    } else if (name.includes(`${suffix}.`) && !name.endsWith('.unreadable')) {
      // A draft the process was killed over.
      await rm(path, { force: true });
    }
  }

  return calls;
}
