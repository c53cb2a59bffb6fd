import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { canPin } from './cores.ts';
import { judge, targets, type ReportWithTargets } from './targets.ts';

const checkout = resolve(import.meta.dirname, '../../../..');
const folder = join(checkout, 'bench-results');

export interface BenchReport {
  /** Of the script: `bench:NAME`. */
  readonly name: string;
  readonly figures: Record<string, unknown>;
  /** npm packages whose version matters to the figures. */
  readonly libraries: readonly string[];
}

/** Writes `bench-results/<name>.json`: the figures, and what has to be known to read them. Answers its path. */
export async function writeReport({ name, figures, libraries }: BenchReport): Promise<string> {
  const versions = await Promise.all(
    libraries.map(async (library) => [library, await versionOf(library)] as const),
  );
  const report = {
    ...figures,
    command: `npm run bench:${name}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: checkout, encoding: 'utf8' }).trim(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release(), pinned: canPin },
    versions: { node: process.version, ...Object.fromEntries(versions) },
  };
  await mkdir(folder, { recursive: true });

  return write(name, report);
}

/** Adds what a later program of the same script has measured. Answers the report's path. */
export async function addFigures(name: string, figures: Record<string, unknown>): Promise<string> {
  return write(name, { ...(await read(name)), ...figures });
}

/** Prints each figure of the report that has something to reach; the process ends with 1 when one of them has not. */
export async function judgeReport(name: ReportWithTargets): Promise<void> {
  const verdicts = judge(await read(name), targets[name]);
  console.table(verdicts, ['figure', 'value', 'atLeast', 'atMost', 'isReached']);
  const missed = verdicts.filter(({ isReached }) => !isReached).map(({ figure }) => figure);
  if (missed.length > 0) {
    console.error(
      `Not reached: ${missed.join(', ')}. Other work on this machine spoils figures: try again when it is quiet.`,
    );
    process.exitCode = 1;
  }
}

async function read(name: string): Promise<Record<string, unknown>> {
  return z.looseObject({}).parse(JSON.parse(await readFile(pathOf(name), 'utf8')));
}

const pathOf = (name: string): string => join(folder, `${name}.json`);

async function write(name: string, report: Record<string, unknown>): Promise<string> {
  await writeFile(pathOf(name), `${JSON.stringify(report, undefined, 2)}\n`);

  return pathOf(name);
}

async function versionOf(library: string): Promise<string> {
  const manifest = await readFile(join(checkout, 'node_modules', library, 'package.json'), 'utf8');

  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}
