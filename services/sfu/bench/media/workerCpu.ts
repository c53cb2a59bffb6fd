import { readdirSync, readFileSync } from 'node:fs';

/** Seconds that a process has been at work so far, to the nanosecond; Linux only. */
export function cpuSecondsOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );

  return nanoseconds.reduce((sum, spent) => sum + spent, 0) / 1e9;
}
