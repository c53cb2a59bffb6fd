import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileLock, FileLockTaken } from '@parley/db/embedded';
import type { Logger } from 'pino';

/** A process that was killed a moment ago leaves its lock to the next. */
const waitSeconds = 2;

export interface NodeFolderOptions {
  readonly stateDir: string;
  readonly nodeId: string;
  readonly logger: Logger;
}

/** What outlives a restart of one node: its live calls, and the events of calls that are not recorded yet. */
export class NodeFolder {
  /** None on a system that has no program to lock files with. */
  readonly #lock: FileLock | undefined;
  readonly callsDir: string;
  readonly eventsDir: string;

  private constructor(folder: string, lock: FileLock | undefined) {
    this.#lock = lock;
    this.callsDir = join(folder, 'calls');
    this.eventsDir = join(folder, 'events');
  }

  /**
   * Rejects with a sentence when another process has it. What nodes have left that do not run is said in the log: nobody
   * else ends their calls or records their events.
   */
  static async open({ stateDir, nodeId, logger }: NodeFolderOptions): Promise<NodeFolder> {
    const folder = join(stateDir, 'nodes', nodeId);
    const lock = await takeLock(folder);
    if (lock === undefined) {
      logger.warn(
        { folder },
        'folder of this node not locked: there is no flock; let no other process use it',
      );
    }
    for (const other of await leftBehind(folder)) {
      logger.warn(
        { folder: other },
        'calls or their records were left by a node that does not run: start it once more, under the same id',
      );
    }

    return new NodeFolder(folder, lock);
  }

  /** Leaves it to the next process. Idempotent. */
  async close(): Promise<void> {
    await this.#lock?.release();
  }
}

async function takeLock(folder: string): Promise<FileLock | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });

    return await FileLock.take(lockIn(folder), { waitSeconds });
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && error.syscall === 'spawn flock') {
      return undefined;
    }
    throw new Error(
      error instanceof FileLockTaken
        ? `The folder ${folder} is in use by another Parley${error.process}: set another PARLEY_STATE_DIR, or PARLEY_NODE_ID, for one of the two.`
        : `The folder ${folder} cannot be used (${error instanceof Error ? error.message : String(error)}): make it writable, or set PARLEY_STATE_DIR.`,
      { cause: error },
    );
  }
}

/** The folders of other nodes that hold something and that no process has. */
async function leftBehind(own: string): Promise<string[]> {
  const nodes = dirname(own);
  const others = (await readdir(nodes)).map((name) => join(nodes, name)).filter((folder) => folder !== own);
  const left: string[] = [];
  for (const folder of others) {
    if ((await holdsSomething(folder)) && (await isFree(folder))) {
      left.push(folder);
    }
  }

  return left;
}

async function holdsSomething(folder: string): Promise<boolean> {
  const calls = await readdir(join(folder, 'calls')).catch(() => []);
  const events = await stat(join(folder, 'events/events.jsonl')).catch(() => undefined);

  return calls.some((name) => name.endsWith('.json')) || (events?.size ?? 0) > 0;
}

async function isFree(folder: string): Promise<boolean> {
  try {
    const lock = await FileLock.take(lockIn(folder));
    await lock.release();

    return true;
  } catch {
    return false;
  }
}

function lockIn(folder: string): string {
  return join(folder, 'node.lock');
}
