import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { installedPackage, repositoryRoot } from '../places.ts';
import { runTool, ToolFailure } from '../runTool.ts';
import { SetupError } from '../SetupError.ts';
import type { StepContext } from '../Step.ts';
import { verifyWorker } from './verifyWorker.ts';

const folder = join(repositoryRoot, 'infra/mediasoup-worker');

/** What a built worker depends on besides mediasoup's sources. */
export const recipe = [join(folder, 'build.sh'), join(folder, 'overlay')];

const bytesNeeded = 1024 ** 3;

/** Builds the worker from the npm package's sources into `directory`. */
export async function buildWorker(directory: string, { progress, signal }: StepContext): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < bytesNeeded) {
    throw new SetupError(
      `The disk that holds ${directory} is full: building the mediasoup worker takes 1 GB; free some space or choose another place with PARLEY_CACHE_DIR.`,
    );
  }
  const scratch = join(directory, 'scratch');
  const worker = join(directory, 'mediasoup-worker');
  await mkdir(scratch);
  try {
    await runTool({
      name: 'mediasoup-worker',
      command: 'bash',
      args: [join(folder, 'build.sh'), installedPackage('mediasoup').directory, scratch, worker],
      signal,
      onLine(line) {
        const doing = describeLine(line);
        if (doing !== undefined) {
          progress(doing);
        }
      },
    });
  } catch (error) {
    throw explain(error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await verifyWorker(worker);
}

/** "## phase" starts a phase of the recipe, "[12/261] …" is ninja at work. */
function describeLine(line: string): string | undefined {
  const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];

  return done === undefined ? /^## (.*)/.exec(line)?.[1] : `compiling ${done} of ${all} (some minutes, once)`;
}

function explain(error: unknown): unknown {
  if (!(error instanceof ToolFailure)) {
    return error;
  }
  const reason = error.diagnosis ?? 'it did not compile';

  return new SetupError(
    `No mediasoup worker can be downloaded here, nor built: ${reason}, or name one with MEDIASOUP_WORKER_BIN (log: ${error.logFile}).`,
    { cause: error },
  );
}
