import type { MediaSessionStats } from '../media/MediaPort.ts';

/**
 * One entry of an `RTCStatsReport`, with the members of W3C webrtc-stats that are read here. Of one shape for all types: a
 * browser may leave out any of them.
 */
export interface StatsEntry {
  readonly id: string;
  readonly type: string;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly kind?: 'audio' | 'video';
  readonly mid?: string;
  readonly rid?: string;
  readonly codecId?: string;
  readonly remoteId?: string;
  readonly mediaSourceId?: string;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly mimeType?: string;
  readonly candidateType?: 'host' | 'srflx' | 'prflx' | 'relay';
  readonly protocol?: string;
  readonly relayProtocol?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly qualityLimitationReason?: 'none' | 'cpu' | 'bandwidth' | 'other';
  readonly [counter: string]: unknown;
}

/** What both peer connections count at one moment, each under `send` or `receive`. */
export type StatsReading = Readonly<Record<'send' | 'receive', ReadonlyMap<string, StatsEntry>>>;

export function readingOf({ send, receive }: MediaSessionStats): StatsReading {
  return { send: entriesOf(send), receive: entriesOf(receive) };
}

function entriesOf(report: RTCStatsReport): Map<string, StatsEntry> {
  const entries = new Map<string, StatsEntry>();
  // An RTCStatsReport has this method only in some browsers' implementations of its iterator.
  report.forEach((entry: StatsEntry) => entries.set(entry.id, entry));

  return entries;
}

/** A number of an entry, where the browser says it. */
export function numberOf(entry: StatsEntry | undefined, name: string): number | undefined {
  const value = entry?.[name];

  return typeof value === 'number' ? value : undefined;
}

/** How one entry has changed since the reading before. */
export class EntryChange {
  readonly entry: StatsEntry;
  readonly #before: StatsEntry | undefined;

  constructor(entry: StatsEntry, before: StatsEntry | undefined) {
    this.entry = entry;
    this.#before = before;
  }

  /**
   * By how much a counter has grown; undefined in the first reading, and where it has begun anew, as it does with other
   * transports.
   */
  grown(name: string): number | undefined {
    const now = numberOf(this.entry, name);
    const before = numberOf(this.#before, name);

    return now === undefined || before === undefined || now < before ? undefined : now - before;
  }

  perSecond(name: string): number | undefined {
    const seconds = (this.entry.timestamp - (this.#before?.timestamp ?? this.entry.timestamp)) / 1000;

    return seconds > 0 ? divide(this.grown(name), seconds) : undefined;
  }
}

/** Undefined where there is nothing to divide, or to divide by. */
export function divide(dividend: number | undefined, divisor: number | undefined): number | undefined {
  return dividend === undefined || divisor === undefined || divisor === 0 ? undefined : dividend / divisor;
}

export function sum(...terms: (number | undefined)[]): number | undefined {
  const known = terms.filter((term) => term !== undefined);

  return known.length === 0 ? undefined : known.reduce((total, term) => total + term, 0);
}
