import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locatePostgres } from '@parley/setup';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/embedded/index.ts';
import { clusterMark } from '../src/embedded/leftovers.ts';
import { exitOf, processesOf, query, startByHand } from './support/cluster.ts';

let binaries: string;
let dataDir: string;
let folder: string;
let running: EmbeddedPostgres | undefined;
let notices: string[];

beforeAll(async () => {
  binaries = await locatePostgres();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-leftovers-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  notices = [];
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<string> {
  running = await startEmbeddedPostgres({ binaries, dataDir, notice: (line) => notices.push(line) });

  return running.url;
}

async function startAndStop(): Promise<void> {
  await start();
  await running?.stop();
}

describe('after a Parley that was killed', () => {
  it('PostgreSQL ends by itself, and the next start finds the data', async () => {
    const script = fileURLToPath(new URL('support/embeddedProcess.ts', import.meta.url));
    const parley = spawn(process.execPath, [script, binaries, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(parley.stdout.setEncoding('utf8'), 'data')) as [string];
    await query(url.trim(), 'CREATE TABLE note AS SELECT 1 AS kept');
    const [postmaster] = processesOf(dataDir);

    parley.kill('SIGKILL');
    await exitOf(parley);
    const again = await start();

    expect(await query(again, 'SELECT kept FROM note')).toEqual([{ kept: 1 }]);
    expect(processesOf(dataDir)).not.toContain(postmaster);
  });

  it('a server of ours that still runs is stopped, and that is said', async () => {
    await startAndStop();
    const orphan = await startByHand(binaries, dataDir, [clusterMark]);

    const url = await start();

    await exitOf(orphan);
    expect(orphan.exitCode).toBe(0);
    expect(notices).toEqual([expect.stringContaining(`process ${orphan.pid}`)]);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('a server that somebody else started there is named and left alone', async () => {
    await startAndStop();
    const foreign = await startByHand(binaries, dataDir, []);

    await expect(start()).rejects.toThrow(`process ${foreign.pid}, which Parley did not start`);

    expect(foreign.exitCode).toBeNull();
    foreign.kill('SIGINT');
    await exitOf(foreign);
  });

  it('a pid file whose pid has come round to another process is removed without a signal to it', async () => {
    await startAndStop();
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    await writeFile(
      join(dataDir, 'cluster/postmaster.pid'),
      `${bystander.pid}\n${dataDir}/cluster\n0\n5432\n\n\n`,
    );

    const url = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(bystander.exitCode).toBeNull();
    expect(bystander.signalCode).toBeNull();
    bystander.kill();
    await exitOf(bystander);
  });
});
