import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Demo } from '@parley/api';

/** What a developer, a load test or the next start finds of the demo. */
export interface DemoFile extends Demo {
  /** Made with the demo, when the environment has none. */
  readonly operatorKey?: string | undefined;
}

export function demoFileIn(folder: string): string {
  return join(folder, 'demo.json');
}

/** What the last start wrote, to be judged by its reader; undefined when there is nothing that can be read. */
export async function readDemoFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // Missing or cut off, it means the same: the demo's secrets are made anew.
    return undefined;
  }
}

/** Writes the file for its owner's eyes only: it holds a REST secret and passwords. */
export async function writeDemoFile(path: string, demo: DemoFile): Promise<void> {
  const draft = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new Error(
      `The demo's secrets cannot be written to ${path} (${error instanceof Error ? error.message : String(error)}); make room and the folder writable, or set PARLEY_DEMO=off.`,
      { cause: error },
    );
  }
}
