import { readdirSync, readFileSync } from 'node:fs';

/** The media worker processes this process has started and that still run. */
export function workerPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isOurWorker(pid))
    .map(Number);
}

function isOurWorker(pid: string): boolean {
  try {
    // proc(5): the name in parentheses, the state, the parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');

    return stat.includes('(mediasoup-worke') && state !== 'Z' && Number(parent) === process.pid;
  } catch {
    // The process ended while we looked.
    return false;
  }
}
