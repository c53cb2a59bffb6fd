import { Counter, Gauge, type Registry } from 'prom-client';

/** One time series of a metric: its labels, and what it is at now. */
export type Sample<Label extends string> = readonly [
  labels: Partial<Record<Label, string | number>>,
  value: number,
];

export interface Observed<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
  /** Read when somebody looks; series that are not named any more are gone. */
  readonly read: () => readonly Sample<Label>[] | Promise<readonly Sample<Label>[]>;
}

/** A gauge that belongs to its registry and keeps nothing. */
export function observeGauge<Label extends string>(
  registry: Registry,
  observed: Observed<Label>,
): Gauge<Label> {
  return new Gauge(
    configuration<Label, Gauge<Label>>(registry, observed, (gauge, [labels, value]) =>
      gauge.set(labels, value),
    ),
  );
}

/** As `observeGauge`, of what only grows. */
export function observeCounter<Label extends string>(
  registry: Registry,
  observed: Observed<Label>,
): Counter<Label> {
  return new Counter(
    configuration<Label, Counter<Label>>(registry, observed, (counter, [labels, value]) =>
      counter.inc(labels, value),
    ),
  );
}

function configuration<Label extends string, Metric extends { reset(): void }>(
  registry: Registry,
  { name, help, labelNames = [], read }: Observed<Label>,
  write: (metric: Metric, sample: Sample<Label>) => void,
) {
  return {
    name,
    help,
    labelNames,
    registers: [registry],
    async collect(this: Metric) {
      const samples = await read();
      this.reset();
      samples.forEach((sample) => write(this, sample));
    },
  };
}
