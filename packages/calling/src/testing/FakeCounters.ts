import type { MediaSessionStats } from '../media/MediaPort.ts';
import type { StatsEntry } from '../stats/rtcStats.ts';

type Direction = 'send' | 'receive';
type Members = Readonly<Record<string, unknown>>;

/** What two peer connections count, as far as the test says it. */
export class FakeCounters {
  readonly #entries: Record<Direction, Map<string, Members>> = { send: new Map(), receive: new Map() };
  /** How often somebody has looked. */
  looks = 0;

  /** Puts an entry there, or other members into it. */
  set(direction: Direction, id: string, members: Members): void {
    this.#entries[direction].set(id, { ...this.#entries[direction].get(id), ...members });
  }

  /** Lets counters of an entry grow. */
  grow(direction: Direction, id: string, by: Readonly<Record<string, number>>): void {
    const entry = this.#entries[direction].get(id) ?? {};
    const grown = Object.entries(by).map(([name, value]) => [name, Number(entry[name] ?? 0) + value]);
    this.set(direction, id, Object.fromEntries(grown));
  }

  remove(direction: Direction, id: string): void {
    this.#entries[direction].delete(id);
  }

  /** As they are now. @param timestamp Milliseconds. */
  report(timestamp: number): MediaSessionStats {
    this.looks += 1;
    const of = (direction: Direction): Map<string, StatsEntry> =>
      new Map(
        [...this.#entries[direction]].map(([id, entry]) => [id, { type: '', ...entry, id, timestamp }]),
      );

    return { send: of('send'), receive: of('receive') };
  }
}
