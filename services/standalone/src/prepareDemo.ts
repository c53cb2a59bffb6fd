import { randomBytes } from 'node:crypto';
import type { Demo } from '@parley/api';
import { isLoopbackHost } from '@parley/protocol';
import * as z from 'zod';
import { demoFileIn, readDemoFile, writeDemoFile } from './demoFile.ts';
import { isProduction, type Environment } from './environment.ts';

export interface PreparedDemo {
  readonly demo: Demo;
  /** Opens the operations on applications: the environment's, or the demo's own. */
  readonly operatorKey: string;
}

export interface PrepareDemoOptions {
  /** Makes the demo, or keeps what `previous` and the database agree on. */
  ensure: (previous: unknown) => Promise<Demo>;
  /** Where the demo file is written; the first that can be read counts. */
  folders: readonly string[];
  operatorKey: string | undefined;
}

/**
 * The demo with an operator key of its own, unless there is one already: a newcomer's first application and the limits
 * of a load test need one, and nobody but the owner of this machine can read the file.
 */
export async function prepareDemo({
  ensure,
  folders,
  operatorKey,
}: PrepareDemoOptions): Promise<PreparedDemo> {
  const paths = folders.map(demoFileIn);
  const kept = (await Promise.all(paths.map(readDemoFile))).find((content) => content !== undefined);
  const demo = await ensure(kept);
  const key = operatorKey ?? operatorKeyIn(kept) ?? randomBytes(32).toString('base64url');
  const file = operatorKey === undefined ? { ...demo, operatorKey: key } : demo;
  await Promise.all(paths.map((path) => writeDemoFile(path, file)));

  return { demo, operatorKey: key };
}

/** The page shows the demo's passwords to everybody, so by itself it is there on a machine's own name only. */
export function wantsDemo(environment: Environment, publicUrl: string): boolean {
  if (isProduction(environment)) {
    return false;
  }
  const { PARLEY_DEMO, DATABASE_URL } = environment;

  return PARLEY_DEMO === undefined
    ? isLoopbackHost(new URL(publicUrl).hostname) && DATABASE_URL === undefined
    : PARLEY_DEMO === 'on';
}

const keptSchema = z.object({ operatorKey: z.string().min(32) });

function operatorKeyIn(kept: unknown): string | undefined {
  return keptSchema.safeParse(kept).data?.operatorKey;
}
