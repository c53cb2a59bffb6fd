import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase } from '@parley/test-kit';
import { describe, expect, it } from 'vitest';
import { mainWorld } from './support/mainProcess.ts';

const world = mainWorld();
const { start: startMain, urlOf } = world;

/** Hides what the set-up generates. */
const freshClone = join(import.meta.dirname, 'support/freshClone.mjs');

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

/** Ids of the living processes below `pid`, whatever group they are in. */
async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const [, parent] = /\) \S (\d+)/.exec(status) ?? [];
    parents.set(Number(entry), Number(parent));
  }
  const below = (ancestor: number): number[] =>
    [...parents].filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...below(child)]);

  return below(pid);
}

/** Addresses of this machine on which somebody listens on that port. */
async function listenersOn(port: number): Promise<string[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  const listening = [...tables.join('\n').matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)];

  return listening
    .filter(([, , digits = '']) => Number.parseInt(digits, 16) === port)
    .map(([, address = '']) => [...Buffer.from(address, 'hex')].toReversed().join('.'));
}

const isAlive = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (status) => !/\) Z /.test(status),
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
    'serves until %s, and then leaves no process behind and has nothing to warn of',
    async (signal) => {
      const child = startMain();
      const ended = ending(child);
      const url = await urlOf(child);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      const below = await descendants(child.pid ?? 0);
      expect(below.length).toBeGreaterThan(1);

      child.kill(signal);
      const { code, errors } = await ended;

      expect(code).toBe(0);
      expect(errors.split('\n').filter((line) => /^{"level":[4-6]0/.test(line))).toEqual([]);
      await expect.poll(async () => (await Promise.all(below.map(isAlive))).some(Boolean)).toBe(false);
    },
  );

  it('starts again on the data of a run that was killed, with the master key it made for them', async () => {
    const killed = startMain();
    await urlOf(killed);
    expect((await stat(join(world.folder, 'data/master.key'))).mode & 0o777).toBe(0o600);
    killed.kill('SIGKILL');
    await once(killed, 'exit');

    const next = startMain();
    expect((await fetch(`${await urlOf(next)}/readyz`)).status).toBe(200);
    next.kill('SIGTERM');
    await once(next, 'exit');
  });

  it.each([
    ['--help', {}, ['--help'], 0],
    ['a wrong setting', { PORT: 'eighty' }, [], 1],
  ])('answers %s in a fresh clone, where nothing was generated yet', async (_case, variables, args, code) => {
    const child = startMain({ ...variables, NODE_OPTIONS: `--import ${freshClone}` }, args);

    expect(await ending(child)).toMatchObject({ code, errors: expect.not.stringContaining('generated') });
  });

  it('says of a variable that looks like a setting that it is none', async () => {
    // Without a database it ends by itself.
    const DATABASE_URL = 'postgresql://parley@127.0.0.1:1/parley';
    const { errors } = await ending(startMain({ DATABASE_URL, PARLEY_TURN_URL: 'turn:turn.example' }));

    const [line = ''] = errors.split('\n');
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      variable: 'PARLEY_TURN_URL',
      msg: 'no setting of that name: see npm start -- --help',
    });
  });

  it('shows what is the operator’s on loopback alone, and nothing of it on its own port', async () => {
    const child = startMain();
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const url = await urlOf(child);

    for (const path of ['/metrics', '/dump', '/workers']) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
    }
    // None when another platform of this machine has the port.
    const [, adminUrl] = /for its operator: (\S+)\/metrics/.exec(output) ?? [];
    expect(adminUrl ?? 'http://127.0.0.1:9464').toBe('http://127.0.0.1:9464');
    expect((await listenersOn(9464)).filter((address) => address !== '127.0.0.1')).toEqual([]);
    child.kill('SIGTERM');
    await once(child, 'exit');
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
      startMain({ MEDIASOUP_WORKER_BIN: join(world.folder, 'no-worker') }),
      /MEDIASOUP_WORKER_BIN/,
    );
  });

  it('that the worker is of another make', async () => {
    const impostor = join(world.folder, 'impostor');
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

  it('that another platform uses the same state folder', async () => {
    const first = startMain();
    await urlOf(first);

    await expectOneSentence(
      startMain({ PARLEY_DATA_DIR: join(world.folder, 'other') }),
      new RegExp(
        `state/nodes/standalone is in use by another Parley \\(process ${first.pid}\\): set another`,
      ),
    );
    first.kill('SIGTERM');
    await once(first, 'exit');
  });

  it('that an argument is unknown', async () => {
    await expectOneSentence(startMain({}, ['--bogus']), /no argument "--bogus"/);
  });

  it('that its data cannot be written', async () => {
    const file = join(world.folder, 'data');
    await writeFile(file, 'not a folder');

    await expectOneSentence(startMain(), /PARLEY_DATA_DIR/);
  });

  it('that its state folder cannot be made, and not that its data cannot', async () => {
    await expectOneSentence(
      startMain({ PARLEY_STATE_DIR: '/proc/x', PARLEY_DATA_DIR: '' }),
      /^The state folder \/proc\/x .*PARLEY_STATE_DIR/,
    );
  });

  it('that its master key is not the one the database was sealed with', async () => {
    const { url, drop } = await createTestDatabase();
    const variables = () => ({
      DATABASE_URL: url,
      PARLEY_MASTER_KEY: randomBytes(32).toString('base64'),
    });
    const first = startMain(variables());
    await urlOf(first);
    first.kill('SIGTERM');
    await once(first, 'exit');

    await expectOneSentence(startMain(variables()), /PARLEY_MASTER_KEY/);
    await drop();
  });
});

describe('npm start in production', () => {
  const production = {
    NODE_ENV: 'production',
    PARLEY_MASTER_KEY: randomBytes(32).toString('base64'),
    PARLEY_PUBLIC_URL: 'https://calls.example',
  };

  it.each([
    ['a master key', { PARLEY_MASTER_KEY: '', DATABASE_URL: 'postgresql://db.example/parley' }],
    ['a database of its own', { DATABASE_URL: '' }],
    ['the URL that people open', { PARLEY_PUBLIC_URL: '', DATABASE_URL: 'postgresql://db.example/parley' }],
  ])('refuses to start without %s', async (_case, variables) => {
    await expectOneSentence(startMain({ ...production, ...variables }), /production/);
  });

  it('refuses the demo, whether it is asked for or in the database', async () => {
    const { url, database, drop } = await createTestDatabase();
    const variables = { ...production, DATABASE_URL: url };

    await expectOneSentence(startMain({ ...variables, PARLEY_DEMO: 'on' }), /PARLEY_DEMO: must not be on/);
    await database.application.create({ data: { id: 'demo', name: 'Demo', publicKey: 'pk_demo' } });
    await expectOneSentence(startMain({ ...variables, PARLEY_DEMO: '' }), /holds the demo application/);
    await drop();
  });

  it('starts with all of them, and says what is missing: an application, and where media goes', async () => {
    const { url, database, drop } = await createTestDatabase();
    const child = startMain({
      ...production,
      DATABASE_URL: url,
      PARLEY_DEMO: '',
      PARLEY_OPERATOR_KEY: 'o'.repeat(32),
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));

    await urlOf(child);
    child.kill('SIGTERM');
    await once(child, 'close');

    expect(output).toMatch(/curl -X POST \S+\/v1\/applications/);
    expect(output).toContain('set PARLEY_ANNOUNCED_ADDRESS');
    expect(output).not.toContain('o'.repeat(32));
    expect(await database.application.count()).toBe(0);
    await drop();
  });
});
