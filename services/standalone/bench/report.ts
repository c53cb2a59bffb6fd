import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/** Milliseconds, to a tenth. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** Nearest-rank percentiles. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((left, right) => left - right);
  const rank = (share: number): number =>
    Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN) * 10) / 10;

  return { p50: rank(0.5), p95: rank(0.95) };
}

export interface BenchReport {
  readonly name: string;
  readonly command: string;
  readonly checkout: string;
  readonly figures: Record<string, unknown>;
}

/** Writes `bench-results/<name>.json`: the figures, and what has to be known to read them. */
export async function writeReport({ name, command, checkout, figures }: BenchReport): Promise<string> {
  const versionOf = async (library: string): Promise<string> => {
    const manifest = await readFile(join(checkout, 'node_modules', library, 'package.json'), 'utf8');

    return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
  };
  const path = join(checkout, 'bench-results', `${name}.json`);
  const report = {
    ...figures,
    command,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: checkout, encoding: 'utf8' }).trim(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release() },
    versions: {
      node: process.version,
      mediasoup: await versionOf('mediasoup'),
      mediasoupClient: await versionOf('mediasoup-client'),
      socketIo: await versionOf('socket.io'),
    },
  };
  await mkdir(join(checkout, 'bench-results'), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);

  return path;
}
