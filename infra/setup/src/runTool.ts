import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { cacheDir, repositoryRoot } from './places.ts';
import { SetupError } from './SetupError.ts';

export interface ToolOptions {
  /** Names the log file. */
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Ends the tool and all it started. */
  signal: AbortSignal;
  onLine?: (line: string) => void;
}

const keptLines = 200;

/** The tool failed: its last lines, and where all of them are. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
  readonly logFile: string;
  readonly lines: readonly string[];

  constructor(tool: string, outcome: string, log: { file: string; lines: readonly string[] }) {
    super(`${tool} failed (${outcome}); its output is in ${log.file}.`);
    this.logFile = log.file;
    this.lines = log.lines;
  }

  /** The sentence that a recipe of ours gave for its failure, on a line `CAUSE: …`. */
  get diagnosis(): string | undefined {
    return this.lines.findLast((line) => line.startsWith('CAUSE: '))?.slice('CAUSE: '.length);
  }
}

/** Runs a program to its end with its output in a log file of the cache. Rejects with `ToolFailure`. */
export async function runTool(options: ToolOptions): Promise<void> {
  const { name, command, args, cwd = repositoryRoot, env = process.env, signal, onLine } = options;
  signal.throwIfAborted();
  const logFolder = join(cacheDir(), 'logs');
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, `${name}.log`);
  const log = createWriteStream(logFile);
  const logged = finished(log);
  // A full disk must not hide the tool's own words on it.
  logged.catch(() => {});
  const lines: string[] = [];

  // A group of its own, so that ending it ends the compilers it started too.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise: exited, resolve } = Promise.withResolvers<string | undefined>();
  child.once('error', (error) => resolve(`"${error.message}"`));
  child.once('close', (code, by) => resolve(code === 0 ? undefined : (by ?? `exit code ${code}`)));
  const end = (): void => killGroup(child.pid);
  signal.addEventListener('abort', end, { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      lines.push(line);
      lines.splice(0, lines.length - keptLines);
      onLine?.(line);
    });
  }

  const outcome = await exited;
  signal.removeEventListener('abort', end);
  log.end();
  await logged.catch(() => {});
  signal.throwIfAborted();
  if (outcome !== undefined) {
    const failure = new ToolFailure(name, outcome, { file: logFile, lines });
    throw isDiskFull(failure)
      ? new SetupError(
          `The disk is full, so ${name} failed; free some space and start again (log: ${logFile}).`,
        )
      : failure;
  }
}

function isDiskFull(failure: ToolFailure): boolean {
  return (
    failure.diagnosis === undefined &&
    failure.lines.some((line) => /No space left on device|ENOSPC/.test(line))
  );
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, 'SIGTERM');
    }
  } catch {
    // The group has ended already.
  }
}
