import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedPackage } from '../places.ts';
import { verifyWorker } from './verifyWorker.ts';

const run = promisify(execFile);

const answerLimitMs = 5_000;
const downloadLimitMs = 60_000;

/**
 * Fetches the worker that mediasoup's makers built for this kind of machine, as the install script of the npm
 * package would (its npm-scripts.mjs names the archive).
 *
 * @returns undefined when it lies in `directory` and works, else why not.
 */
export async function downloadWorker(directory: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const archive = join(directory, 'worker.tgz');
    await writeFile(archive, await fetchArchive(signal));
    await run('tar', ['-xzf', archive, '-C', directory, 'mediasoup-worker']);
    const worker = join(directory, 'mediasoup-worker');
    await chmod(worker, 0o755);
    await verifyWorker(worker);

    return undefined;
  } catch (error) {
    signal.throwIfAborted();

    return error instanceof Error ? error.message : String(error);
  }
}

async function fetchArchive(signal: AbortSignal): Promise<Buffer> {
  const { version } = installedPackage('mediasoup');
  const kernel = process.platform === 'linux' ? `-kernel${Number.parseInt(release(), 10)}` : '';
  const name = `mediasoup-worker-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
  // mediasoup's own variable for a mirror of its releases.
  const base =
    process.env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'] ??
    'https://github.com/versatica/mediasoup/releases/download';

  const unanswered = new AbortController();
  const timer = setTimeout(() => unanswered.abort(), answerLimitMs);
  const limits = AbortSignal.any([signal, unanswered.signal, AbortSignal.timeout(downloadLimitMs)]);
  try {
    const response = await fetch(`${base}/${version}/${name}`, { signal: limits });
    if (!response.ok) {
      throw new Error(`${base} answered ${response.status} for ${name}`);
    }
    clearTimeout(timer);

    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}
