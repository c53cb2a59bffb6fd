import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = resolve(import.meta.dirname, '../src/main.ts');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-main-'));
  await chmod(folder, 0o755);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** `npm start` without the set-up; the demo stays off so that nobody's demo file is written over. */
function startMain(variables: Record<string, string> = {}, args: string[] = []): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    env: {
      ...process.env,
      PORT: '0',
      PARLEY_DEMO: 'off',
      PARLEY_DATA_DIR: join(folder, 'data'),
      PARLEY_MEDIA_WORKERS: '1',
      PARLEY_RTC_MIN_PORT: '41000',
      PARLEY_RTC_MAX_PORT: '48999',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ending {
  code: number | null;
  output: string;
  errors: string;
}

async function ending(child: ChildProcess): Promise<Ending> {
  const texts = { output: '', errors: '' };
  child.stdout?.on('data', (chunk: Buffer) => (texts.output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (texts.errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];

  return { code, ...texts };
}

/** The URL that a started platform prints. */
async function urlOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) {
    throw new Error('The platform has no standard output.');
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /Parley is up at (\S+)/.exec(line) ?? [];
    if (url !== undefined) {
      // From here on nobody reads; without this the child would block on a full pipe.
      child.stdout.resume();

      return url;
    }
  }
  throw new Error('The platform ended before it was up.');
}

/** Ids of the living processes below `pid`, whatever group they are in. */
async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const [, parent] = /\) \S (\d+)/.exec(stat) ?? [];
    parents.set(Number(entry), Number(parent));
  }
  const below = (ancestor: number): number[] =>
    [...parents].filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...below(child)]);

  return below(pid);
}

const isAlive = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) Z /.test(stat),
    () => false,
  );

async function expectOneSentence(child: ChildProcess, pattern: RegExp): Promise<void> {
  const { code, errors } = await ending(child);

  expect(errors.trim()).toMatch(pattern);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(errors).not.toMatch(/\bat .*:\d+:\d+/);
  expect(code).toBe(1);
}

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves until %s, and then leaves no process behind',
    async (signal) => {
      const child = startMain();
      const url = await urlOf(child);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      const below = await descendants(child.pid ?? 0);
      expect(below.length).toBeGreaterThan(1);

      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];

      expect(code).toBe(0);
      await expect.poll(async () => (await Promise.all(below.map(isAlive))).some(Boolean)).toBe(false);
    },
  );

  it('starts again on the data of a run that was killed', async () => {
    const killed = startMain();
    await urlOf(killed);
    killed.kill('SIGKILL');
    await once(killed, 'exit');

    const next = startMain();
    expect((await fetch(`${await urlOf(next)}/readyz`)).status).toBe(200);
    next.kill('SIGTERM');
    await once(next, 'exit');
  });

  it('prints every setting with --help and starts nothing', async () => {
    const { code, output } = await ending(startMain({}, ['--help']));

    expect(code).toBe(0);
    expect(output).toContain('PARLEY_PUBLIC_URL');
    expect(output).not.toContain('Parley is up');
  });
});

describe('npm start says in one sentence and exits with 1', () => {
  it('that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    await expectOneSentence(startMain({ PORT: String(port) }), new RegExp(`Port ${port} is taken`));
    other.close();
  });

  it('that a setting is wrong', async () => {
    await expectOneSentence(startMain({ PORT: 'eighty' }), /PORT: .*--help/);
  });

  it('that the database cannot be reached', async () => {
    await expectOneSentence(
      startMain({ DATABASE_URL: 'postgresql://parley:hunter2@127.0.0.1:1/parley' }),
      /^(?!.*hunter2).*127\.0\.0\.1:1.*DATABASE_URL/,
    );
  });

  it('that the worker is missing', async () => {
    await expectOneSentence(
      startMain({ MEDIASOUP_WORKER_BIN: join(folder, 'no-worker') }),
      /MEDIASOUP_WORKER_BIN/,
    );
  });

  it('that the worker is of another make', async () => {
    const impostor = join(folder, 'impostor');
    await writeFile(impostor, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });

    await expectOneSentence(startMain({ MEDIASOUP_WORKER_BIN: impostor }), /worker.*version/i);
  });

  it('that another platform uses the same data', async () => {
    const first = startMain();
    await urlOf(first);

    await expectOneSentence(startMain(), new RegExp(`${first.pid}`));
    first.kill('SIGTERM');
    await once(first, 'exit');
  });

  it('that an argument is unknown', async () => {
    await expectOneSentence(startMain({}, ['--bogus']), /no argument "--bogus"/);
  });

  it('that its data cannot be written', async () => {
    const file = join(folder, 'data');
    await writeFile(file, 'not a folder');

    await expectOneSentence(startMain(), /PARLEY_DATA_DIR/);
  });
});
