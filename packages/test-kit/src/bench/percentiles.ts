/** Milliseconds, to a tenth. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** Nearest-rank percentile of unsorted values; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);

  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

export function percentiles(values: readonly number[]): Percentiles {
  const tenth = (value: number): number => Math.round(value * 10) / 10;

  return { p50: tenth(percentile(values, 0.5)), p95: tenth(percentile(values, 0.95)) };
}
