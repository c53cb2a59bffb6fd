import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { demoSchema, type Demo } from '@parley/api';

/** What the last start wrote; undefined when there is nothing, or nothing that can be read. */
export async function readDemoFile(path: string): Promise<Demo | undefined> {
  try {
    return demoSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // A missing, cut-off or foreign file means the same: the demo's secrets are made anew.
    return undefined;
  }
}

/** Writes the file for its owner's eyes only: it holds a REST secret and passwords. */
export async function writeDemoFile(path: string, demo: Demo): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
