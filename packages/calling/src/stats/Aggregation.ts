import type { MediaStatsSample, MediaStatsSummary, StatsAggregate } from './mediaStatsTypes.ts';

/** One entry of a sample, whatever it is of. */
type Row = Readonly<Record<string, unknown>>;

/** What tells the entries of one list apart. */
const labels = ['mid', 'rid', 'source', 'endpointId', 'direction'] as const;

/** Gathers samples to the data points of one summary. */
export class Aggregation {
  readonly #points: MediaStatsSample[][] = [];

  get points(): number {
    return this.#points.length;
  }

  /** The samples of one aggregation interval. */
  add(samples: MediaStatsSample[]): void {
    this.#points.push(samples);
  }

  summary(timestamp: number): MediaStatsSummary {
    const list = (rowsOf: (sample: MediaStatsSample) => readonly object[]): never[] =>
      this.#list(rowsOf as (sample: MediaStatsSample) => readonly Row[]) as never[];

    return {
      timestamp,
      audio: { send: list(({ audio }) => audio.send), receive: list(({ audio }) => audio.receive) },
      video: { send: list(({ video }) => video.send), receive: list(({ video }) => video.receive) },
      screenShare: {
        send: list(({ screenShare }) => screenShare.send),
        receive: list(({ screenShare }) => screenShare.receive),
      },
      transports: list(({ transports }) => transports),
    };
  }

  /** Each stream with what it is called, as it was last, and its numbers over time. */
  #list(rowsOf: (sample: MediaStatsSample) => readonly Row[]): Row[] {
    const points = this.#points.map((samples) => Map.groupBy(samples.flatMap(rowsOf), keyOf));
    const keys = new Set(points.flatMap((rows) => [...rows.keys()]));

    return [...keys].map((key) => {
      const all = points.map((rows) => rows.get(key) ?? []);
      const latest = all.flat().at(-1) ?? {};

      return Object.fromEntries(
        Object.keys(latest).map((name) => [
          name,
          isLabel(name) ? latest[name] : all.flatMap((rows) => aggregate(rows.map((row) => row[name]))),
        ]),
      );
    });
  }
}

function keyOf(row: Row): string {
  return labels.map((label) => String(row[label])).join();
}

/** What is no number in any sample. */
const textNames: readonly string[] = [
  ...labels,
  'codec',
  'qualityLimitationReason',
  'localCandidateType',
  'remoteCandidateType',
  'protocol',
];

function isLabel(name: string): boolean {
  return textNames.includes(name);
}

function aggregate(values: readonly unknown[]): StatsAggregate[] {
  const numbers = values.filter((value) => typeof value === 'number');
  const count = numbers.length;
  if (count === 0) {
    return [];
  }
  const total = numbers.reduce((all, number) => all + number, 0);

  return [{ min: Math.min(...numbers), max: Math.max(...numbers), mean: total / count, count }];
}
