import type { Registry } from 'prom-client';

/** The sum of the metric's samples with at least these labels, as the text of a scrape has them. */
export async function samplesIn(
  registry: Registry,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const lines = (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line));
  const found = lines.filter(
    (line) =>
      line.split(/[{ ]/)[0] === name &&
      Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
  );

  return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
