import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';

const taskset = '/usr/bin/taskset';

/** Whether processes can be kept on cores of their own here. */
export const canPin = existsSync(taskset) && cpus().length > 1;

/** Keeps a process, and what it starts from now on, on one core. */
export function pinProcess(pid: number, core: number): void {
  if (canPin) {
    // --all-tasks: its other threads as well, which are there already.
    execFileSync(taskset, ['--all-tasks', '--pid', '--cpu-list', `${core}`, `${pid}`], { stdio: 'ignore' });
  }
}

export function pinThisProcess(core: number): void {
  pinProcess(process.pid, core);
}

/** Starts a program of ours on one core, with a channel for messages. */
export function startOnCore(core: number, program: string): ChildProcess {
  const command = canPin ? [taskset, '--cpu-list', `${core}`, process.execPath] : [process.execPath];
  const [file = process.execPath, ...leading] = command;

  return spawn(file, [...leading, program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}
