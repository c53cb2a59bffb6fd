import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';

export interface MediaWorker {
  readonly pid: number;
  /** Processor time used so far, clock ticks. */
  readonly ticks: number;
}

/** The media workers of this process. */
export async function mediaWorkers(): Promise<MediaWorker[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));

  return stats.flatMap((stat) => {
    // proc_pid_stat(5); the name in brackets may hold spaces.
    const [, pid, name, rest] = /^(\d+) \((.*)\) (.*)/s.exec(stat) ?? [];
    const fields = rest?.split(' ') ?? [];
    const isOurs = name?.startsWith('mediasoup') === true && Number(fields[1]) === process.pid;

    return isOurs ? [{ pid: Number(pid), ticks: Number(fields[11]) + Number(fields[12]) }] : [];
  });
}

/** The one that has the most to do while `passing` goes by: where there is one call, the one that carries it. */
export async function busiestWorker(passing: () => Promise<unknown>): Promise<number> {
  const before = new Map((await mediaWorkers()).map(({ pid, ticks }) => [pid, ticks]));
  await passing();
  const used = (await mediaWorkers()).map(({ pid, ticks }) => ({
    pid,
    ticks: ticks - (before.get(pid) ?? ticks),
  }));
  const [busiest] = used.toSorted((one, other) => other.ticks - one.ticks);
  if (busiest === undefined) {
    throw new Error('There is no worker.');
  }

  return busiest.pid;
}
