import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeFolder } from './NodeFolder.ts';

let stateDir: string;
let warned: unknown[];
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'parley-nodes-'));
  warned = [];
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

const open = (nodeId: string) =>
  NodeFolder.open({
    stateDir,
    nodeId,
    logger: pino(
      { level: 'warn' },
      { write: (line) => void warned.push((JSON.parse(line) as { folder: string }).folder) },
    ),
  });

async function leave(nodeId: string, file: string, text: string): Promise<void> {
  const path = join(stateDir, 'nodes', nodeId, file);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

describe('the folder of a node', () => {
  it('is one process’s at a time, and the next one’s once that is gone', async () => {
    const first = await open('n1');

    await expect(open('n1')).rejects.toThrow(
      `${join(stateDir, 'nodes/n1')} is in use by another Parley (process ${process.pid}): set another PARLEY_STATE_DIR`,
    );
    const other = await open('n2');
    await first.close();
    const next = await open('n1');

    expect(next.callsDir).toBe(join(stateDir, 'nodes/n1/calls'));
    await Promise.all([other.close(), next.close()]);
  });

  it('is not the only one that holds calls or events: those of nodes that do not run are named', async () => {
    await leave('gone', 'calls/c1.json', '{}');
    await leave('silent', 'events/events.jsonl', '{}\n');
    await leave('done', 'events/events.jsonl', '');
    await leave('running', 'events/events.jsonl', '{}\n');
    const running = await open('running');
    warned = [];

    const own = await open('n1');

    expect(new Set(warned)).toEqual(new Set([join(stateDir, 'nodes/gone'), join(stateDir, 'nodes/silent')]));
    await Promise.all([own.close(), running.close()]);
  });

  it('is used unlocked where nothing can lock it', async () => {
    vi.stubEnv('PATH', stateDir);
    const own = await open('n1');
    vi.unstubAllEnvs();

    expect(warned).toEqual([join(stateDir, 'nodes/n1')]);
    await own.close();
  });

  it('says what is wrong when it cannot be made', async () => {
    await writeFile(join(stateDir, 'nodes'), 'not a folder');

    await expect(open('n1')).rejects.toThrow(/nodes\/n1 cannot be used \(.+\): make it writable, or set/);
  });
});
