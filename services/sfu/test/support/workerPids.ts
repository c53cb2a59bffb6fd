import { readdirSync, readFileSync } from 'node:fs';

/** The media worker processes a process has started, this one unless another is named, and that still run. */
export function workerPids(parent = process.pid): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isWorkerOf(parent, pid))
    .map(Number);
}

function isWorkerOf(parentPid: number, pid: string): boolean {
  try {
    // proc(5): the name in parentheses, the state, the parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');

    return stat.includes('(mediasoup-worke') && state !== 'Z' && Number(parent) === parentPid;
  } catch {
    // The process ended while we looked.
    return false;
  }
}
