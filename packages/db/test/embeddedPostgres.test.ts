import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { locatePostgres } from '@parley/setup';
import { Client } from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../src/embedded/index.ts';
import { processesOf, query } from './support/cluster.ts';

let binaries: string;
let folder: string;
let dataDir: string;
let running: EmbeddedPostgres[];

beforeAll(async () => {
  binaries = await locatePostgres();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-embedded-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((postgres) => postgres.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ binaries, dataDir, ...options });
  running.push(postgres);

  return postgres;
}

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EmbeddedPostgresError);

  return error instanceof Error ? error.message : '';
}

describe('startEmbeddedPostgres', () => {
  it('writes through no link in the data directory', async () => {
    const precious = join(folder, 'precious');
    await writeFile(precious, 'mine');
    await mkdir(dataDir);
    await symlink(precious, join(dataDir, 'parley.lock'));

    expect(await failureOf(start())).toMatch(/parley\.lock cannot be taken.*PARLEY_DATA_DIR/);
    expect(await readFile(precious, 'utf8')).toBe('mine');
  });

  it.runIf(process.getuid?.() === 0)('takes no directory that belongs to somebody else', async () => {
    await mkdir(dataDir);
    await chown(dataDir, 65_534, 65_534);

    expect(await failureOf(start())).toMatch(/belongs to another user.*PARLEY_DATA_DIR/);
  });

  it('keeps what was written over a restart', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE note (text text)');
    await query(first.url, `INSERT INTO note VALUES ('kept')`);
    await first.stop();

    const second = await start();

    expect(await query(second.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
  });

  it('is durable and in UTF-8 with an order of its own, whatever the locale of the machine', async () => {
    const { url } = await start();

    const settings = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider
       FROM pg_database WHERE datname = current_database()`,
    );

    expect(settings).toEqual([{ fsync: 'on', encoding: 'UTF8', provider: 'b' }]);
  });

  it('asks for the password and keeps it readable by its owner alone', async () => {
    const { url } = await start();
    const withoutPassword = new URL(url);
    withoutPassword.password = 'guess';

    await expect(new Client({ connectionString: withoutPassword.href }).connect()).rejects.toThrow(
      /password/,
    );
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'cluster'))).mode & 0o777).toBe(0o700);
  });

  it('listens on the loopback address alone', async () => {
    const { url } = await start();

    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const elsewhere = new URL(url);
    // Another loopback address stands for any other address of the machine.
    elsewhere.hostname = '127.0.0.2';
    await expect(new Client({ connectionString: elsewhere.href }).connect()).rejects.toThrow(/ECONNREFUSED/);
  });

  it('leaves no process behind, also with open connections and when stopped twice', async () => {
    const postgres = await start();
    const client = new Client({ connectionString: postgres.url });
    client.on('error', () => {});
    await client.connect();
    expect(processesOf(dataDir).length).toBeGreaterThan(0);

    await Promise.all([postgres.stop(), postgres.stop()]);

    expect(processesOf(dataDir)).toEqual([]);
  });

  it('refuses a directory that another Parley uses and names that process', async () => {
    const first = await start();

    expect(await failureOf(start())).toContain(`process ${process.pid}`);
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('names a taken port, and leaves neither a process nor a hold on the directory', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;

    expect(await failureOf(start({ port }))).toContain(`Port ${port} on 127.0.0.1 is taken`);

    holder.close();
    expect(processesOf(dataDir)).toEqual([]);
    await expect(start({ port })).resolves.toBeDefined();
  });

  it('refuses the data of another major version and leaves them as they are', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'cluster/PG_VERSION'), '17\n');

    expect(await failureOf(start())).toMatch(/made by PostgreSQL 17 and this Parley brings 18/);
    expect(await readFile(join(dataDir, 'cluster/PG_VERSION'), 'utf8')).toBe('17\n');
  });

  it('starts over when the first initialisation was interrupted', async () => {
    await mkdir(join(dataDir, 'cluster.new'), { recursive: true });
    await writeFile(join(dataDir, 'cluster.new/PG_VERSION'), '18\n');

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says when the password of an existing database is lost', async () => {
    await (await start()).stop();
    await rm(join(dataDir, 'password'));

    expect(await failureOf(start())).toMatch(/password of the database .* cannot be read/);
  });

  it('says when the binaries are out of reach', async () => {
    binaries = join(folder, 'nowhere');

    expect(await failureOf(start())).toMatch(/cannot reach PostgreSQL's programs .*run npm run setup/);
    binaries = await locatePostgres();
  });
});
