import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface FoundProcess {
  pid: number;
  commandLine: string;
}

/** The processes that work in one of the folders or name one in their command line. */
export function processesAround(folders: readonly string[]): FoundProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      const { cwd, commandLine } = look(pid);
      const isInside = folders.some((folder) => cwd.startsWith(folder) || commandLine.includes(folder));

      return isInside ? [{ pid: Number(pid), commandLine }] : [];
    });
}

function look(pid: string): { cwd: string; commandLine: string } {
  try {
    return {
      cwd: readlinkSync(`/proc/${pid}/cwd`),
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
    };
  } catch {
    // It has ended, or belongs to somebody else.
    return { cwd: '', commandLine: '' };
  }
}
