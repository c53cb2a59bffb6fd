import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { canPin } from './cores.ts';

const checkout = resolve(import.meta.dirname, '../../..');

/** Writes `bench-results/<name>.json`: the figures, and what has to be known to read them. */
export async function writeReport(name: string, figures: Record<string, unknown>): Promise<string> {
  const versionOf = async (library: string): Promise<string> => {
    const manifest = await readFile(join(checkout, 'node_modules', library, 'package.json'), 'utf8');

    return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
  };
  const path = join(checkout, 'bench-results', `${name}.json`);
  const report = {
    ...figures,
    command: `npm run bench:${name}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: checkout, encoding: 'utf8' }).trim(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release(), pinned: canPin },
    versions: {
      node: process.version,
      express: await versionOf('express'),
      jose: await versionOf('jose'),
      prisma: await versionOf('@prisma/client'),
    },
  };
  await mkdir(join(checkout, 'bench-results'), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);

  return path;
}
