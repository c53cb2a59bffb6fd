import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { ensureDatabaseUser, identity } from '../../src/embedded/databaseUser.ts';

export async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);

    return rows;
  } finally {
    await client.end();
  }
}

/** The processes that work in the data directory's cluster. */
export function processesOf(dataDir: string): number[] {
  const cluster = join(realpathSync(dataDir), 'cluster');

  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === cluster;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** A server started past Parley, as somebody's shell would; resolves when it is ready. */
export async function startByHand(
  binaries: string,
  dataDir: string,
  settings: string[],
): Promise<ChildProcess> {
  const cluster = join(dataDir, 'cluster');
  const options = [`unix_socket_directories=${cluster}`, 'listen_addresses=', ...settings];
  const child = spawn(
    join(binaries, 'bin/postgres'),
    ['-D', cluster, ...options.flatMap((setting) => ['-c', setting])],
    { cwd: cluster, stdio: ['ignore', 'ignore', 'pipe'], ...identity(await ensureDatabaseUser()) },
  );
  let log = '';
  for await (const text of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    log += String(text);
    if (log.includes('ready to accept connections')) {
      child.stderr.resume();

      return child;
    }
  }
  throw new Error(`PostgreSQL did not start by hand: ${log}`);
}

export async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, 'exit');
  }
}
