import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '@parley/kit';
import type { CallEvent } from '../callEvents.ts';

/** Lines of events that are done stay until they are that many bytes, and more than the others. */
const rewriteAboveBytes = 1024 * 1024;

/** A power cut takes no more than that with it; the end of the process alone takes nothing that was written. */
const syncAfterMs = 1_000;

/** A disk that failed is tried again, also when nothing more happens. */
const tryAgainAfterMs = 5_000;

export interface SpoolFileOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Told once of each time that the disk fails; events are kept in memory alone meanwhile. */
  readonly onError: (error: unknown) => void;
  /** All that must be in the file, in order. */
  readonly kept: () => readonly CallEvent[];
  readonly keptBytes: () => number;
}

/**
 * The events of a spool as lines of JSON in one file: appended, and rewritten once most of them are done. What was
 * appended in one turn is written together, right after it.
 */
export class SpoolFile {
  readonly #options: SpoolFileOptions;
  readonly #path: string;
  #handle: FileHandle;
  /** `torn` when it must be written anew: it lacks events, or ends within a line. */
  #state: 'whole' | 'torn' | 'closed' = 'whole';
  #bytes: number;
  #found: readonly CallEvent[];
  #unwritten: string[] = [];
  #writing: Promise<void> | undefined;
  #sync: Timer | undefined;
  #again: Timer | undefined;
  #hasFailed = false;

  /** Rejects when the folder cannot be made or written to. */
  static async open(options: SpoolFileOptions): Promise<SpoolFile> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const path = join(options.folder, 'events.jsonl');
    const handle = await open(path, 'a', 0o600);

    return new SpoolFile(path, handle, await readFile(path, 'utf8'), options);
  }

  static bytesOf(event: CallEvent): number {
    return Buffer.byteLength(lineOf(event));
  }

  private constructor(path: string, handle: FileHandle, text: string, options: SpoolFileOptions) {
    this.#path = path;
    this.#handle = handle;
    this.#options = options;
    this.#bytes = Buffer.byteLength(text);
    const { events, isWhole } = readLines(text);
    this.#found = events;
    if (!isWhole) {
      this.#state = 'torn';
    }
  }

  /** What an earlier process left, once. */
  takeFound(): readonly CallEvent[] {
    const found = this.#found;
    this.#found = [];

    return found;
  }

  append(event: CallEvent): void {
    this.#unwritten.push(lineOf(event));
    this.#wake();
  }

  /** Less is to be kept than before. */
  release(): void {
    this.#wake();
  }

  /** Resolves when everything is on the disk. Idempotent. */
  async close(): Promise<void> {
    if (this.#state === 'closed') {
      return;
    }
    await this.#writing;
    if (this.#state === 'torn') {
      // Once more: what follows is the end of the process.
      await this.#write();
    }
    this.#state = 'closed';
    this.#sync?.cancel();
    this.#again?.cancel();
    await this.#handle.datasync().catch(this.#options.onError);
    await this.#handle.close();
  }

  #wake(): void {
    if (this.#state !== 'closed') {
      this.#writing ??= this.#write();
    }
  }

  async #write(): Promise<void> {
    await Promise.resolve();
    try {
      while (this.#unwritten.length > 0 || this.#mustRewrite) {
        await (this.#mustRewrite ? this.#rewrite() : this.#appendAll());
      }
      this.#hasFailed = false;
    } catch (error) {
      this.#state = 'torn';
      if (!this.#hasFailed) {
        this.#hasFailed = true;
        this.#options.onError(error);
      }
      this.#again?.cancel();
      this.#again = this.#options.clock.schedule(tryAgainAfterMs, () => this.#wake());
    } finally {
      this.#writing = undefined;
    }
  }

  get #mustRewrite(): boolean {
    const keptBytes = this.#options.keptBytes();
    const unwrittenBytes = this.#unwritten.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    const doneBytes = this.#bytes + unwrittenBytes - keptBytes;
    const isAllDone = keptBytes === 0 && this.#bytes > 0;

    return this.#state === 'torn' || isAllDone || doneBytes > Math.max(rewriteAboveBytes, keptBytes);
  }

  async #appendAll(): Promise<void> {
    const text = this.#unwritten.join('');
    this.#unwritten = [];
    await this.#handle.appendFile(text);
    this.#bytes += Buffer.byteLength(text);
    this.#syncSoon();
  }

  /** Whole or not at all: what was there before stays until the new file has taken its place. */
  async #rewrite(): Promise<void> {
    const text = this.#options.kept().map(lineOf).join('');
    this.#unwritten = [];
    if (text === '' && this.#state === 'whole') {
      await this.#handle.truncate(0);
    } else {
      await this.#replace(text);
    }
    this.#bytes = Buffer.byteLength(text);
    this.#state = 'whole';
  }

  async #replace(text: string): Promise<void> {
    const path = `${this.#path}.new`;
    const next = await open(path, 'w', 0o600);
    try {
      await next.writeFile(text);
      await next.datasync();
    } finally {
      await next.close();
    }
    await rename(path, this.#path);
    const old = this.#handle;
    this.#handle = await open(this.#path, 'a', 0o600);
    await old.close();
  }

  #syncSoon(): void {
    const { clock, onError } = this.#options;
    this.#sync ??= clock.schedule(syncAfterMs, () => {
      this.#sync = undefined;
      this.#handle.datasync().catch(onError);
    });
  }
}

function lineOf(event: CallEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** A process that was killed may have left a line unfinished; nobody was told of its event. */
function readLines(text: string): { events: CallEvent[]; isWhole: boolean } {
  const lines = text.split('\n');
  const rest = lines.pop();
  const events = lines.flatMap((line) => toEvent(line) ?? []);

  return { events, isWhole: rest === '' && events.length === lines.length };
}

function toEvent(line: string): CallEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(line);

    return isCallEvent(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Its own lines are trusted beyond that: they are of this version or of one shortly before. */
function isCallEvent(value: unknown): value is CallEvent {
  return typeof value === 'object' && value !== null && 'eventId' in value && 'callId' in value;
}
