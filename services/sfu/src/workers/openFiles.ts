import { readdir, readFile } from 'node:fs/promises';
import type { Clock, Timer } from '@parley/kit';

/** Sockets count as files: each TCP connection of a client is one, whether or not it has shown any credential. */
export interface OpenFiles {
  readonly count: number;
  /** Without one, infinite. */
  readonly limit: number;
}

/** Share of its files above which somebody should look after the process. */
const crowdedAbove = 0.8;

const lookEveryMs = 10_000;

/** What a process has open and may have; undefined when it is gone, and where there is no /proc. */
export async function openFilesOf(pid: number): Promise<OpenFiles | undefined> {
  try {
    const [files, limits] = await Promise.all([
      readdir(`/proc/${pid}/fd`),
      readFile(`/proc/${pid}/limits`, 'utf8'),
    ]);
    // The limit that holds, before the one to which the process might raise it.
    const limit = /^Max open files\s+(\S+)/m.exec(limits)?.[1];

    return limit === undefined
      ? undefined
      : { count: files.length, limit: limit === 'unlimited' ? Infinity : Number(limit) };
  } catch {
    return undefined;
  }
}

/**
 * Looks now and then at what a process has open, and tells once when that is nearly all it may.
 *
 * @returns Stops looking.
 */
export function watchOpenFiles(
  read: () => Promise<OpenFiles | undefined>,
  { clock, onCrowded }: { readonly clock: Clock; readonly onCrowded: (files: OpenFiles) => void },
): () => void {
  let timer: Timer | undefined;
  const lookLater = (): void => {
    timer = clock.schedule(lookEveryMs, () => void look());
  };
  const look = async (): Promise<void> => {
    const files = await read();
    if (timer === undefined) {
      return;
    }
    if (files !== undefined && files.count > files.limit * crowdedAbove) {
      onCrowded(files);
    } else {
      lookLater();
    }
  };
  lookLater();

  return () => {
    timer?.cancel();
    timer = undefined;
  };
}
