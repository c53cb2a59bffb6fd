import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';

/** In the command line of every postmaster that Parley starts, and in no other's. */
export const clusterMark = 'cluster_name=parley-embedded';

/** Long enough for a checkpoint on a slow disk. */
const patienceMs = 60_000;
const pollMs = 50;

/**
 * Clears what a killed run left in a cluster that no live Parley owns, before a new postmaster starts in it:
 * a postmaster of ours that still runs is stopped, one that is shutting down is awaited, a pid file without
 * any process behind it is removed. A pid alone proves nothing, since pids come round again: a process belongs
 * to the cluster when it works in its directory, as every PostgreSQL process does.
 */
export async function endLeftovers(cluster: string, notice: (line: string) => void): Promise<void> {
  let pids = await processesIn(cluster);
  const postmaster = await readPostmasterPid(cluster);

  if (postmaster !== undefined && pids.includes(postmaster)) {
    await requireOurs(postmaster, cluster);
    notice(`Stopping PostgreSQL process ${postmaster}, left by a run that was killed.`);
    signalFastShutdown(postmaster);
  }
  const deadline = Date.now() + patienceMs;
  while (pids.length > 0) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL process ${pids.join(', ')} of a killed run still works in ${cluster} after ${patienceMs / 1000} s; end it by hand and start again.`,
      );
    }
    await delay(pollMs);
    pids = await processesIn(cluster);
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

async function processesIn(directory: string): Promise<number[]> {
  const real = await realpath(directory);
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const cwds = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined)));
  const inside = pids.filter((_, index) => cwds[index] === real).map(Number);
  const names = await Promise.all(inside.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));

  return inside.filter((_, index) => names[index]?.trim() === 'postgres');
}

/** The first line of postmaster.pid (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_PID). */
async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);

  return Number.isNaN(pid) ? undefined : pid;
}

async function requireOurs(pid: number, cluster: string): Promise<void> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => clusterMark);
  if (!commandLine.includes(clusterMark)) {
    throw new EmbeddedPostgresError(
      `The database in ${cluster} is run by PostgreSQL process ${pid}, which Parley did not start; stop it, or choose another directory with PARLEY_DATA_DIR.`,
    );
  }
}

function signalFastShutdown(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}
