import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installInCache } from '../installInCache.ts';
import { cacheDir, installedPackage } from '../places.ts';
import { hashPaths } from '../stamp.ts';
import { SetupError } from '../SetupError.ts';
import type { Step, StepContext } from '../Step.ts';
import { buildWorker, recipe } from './buildWorker.ts';
import { downloadWorker } from './downloadWorker.ts';
import { verifyWorker } from './verifyWorker.ts';

/**
 * The mediasoup worker's file: the one that MEDIASOUP_WORKER_BIN names, else the one in this machine's cache.
 *
 * @throws SetupError when the set-up has not brought it.
 */
export async function locateWorker(): Promise<string> {
  const file = operatorsWorker() ?? join(cacheEntry(), 'mediasoup-worker');
  if (!existsSync(file)) {
    throw new SetupError(
      operatorsWorker() === undefined
        ? 'The mediasoup worker has not been brought to this machine yet; run npm run setup.'
        : `MEDIASOUP_WORKER_BIN names ${file}, which does not exist; correct it, or unset it and run npm run setup.`,
    );
  }

  return file;
}

/** The process that routes the media: the vendor's binary, else one built here, else the operator's own. */
export function workerStep(): Step {
  const given = operatorsWorker();
  const { version } = installedPackage('mediasoup');

  return given === undefined
    ? {
        name: `mediasoup worker ${version}`,
        isDone: () => existsSync(cacheEntry()),
        run: bringWorker,
      }
    : {
        name: `mediasoup worker ${given}`,
        isDone: () => existsSync(verifiedStamp(given)),
        run: () => acceptWorker(given),
      };
}

async function bringWorker(context: StepContext): Promise<string> {
  let how = 'found, another set-up has brought it';
  await installInCache(cacheEntry(), context, async (staging) => {
    context.progress('downloading');
    const obstacle = await downloadWorker(staging, context.signal);
    rmSync(join(staging, 'worker.tgz'), { force: true });
    if (obstacle === undefined) {
      how = 'downloaded';
    } else {
      context.progress("building, since the vendor's binary cannot be had here");
      rmSync(join(staging, 'mediasoup-worker'), { force: true });
      await buildWorker(staging, context);
      how = 'built';
    }
  });

  return how;
}

async function acceptWorker(file: string): Promise<string> {
  try {
    await verifyWorker(file);
  } catch (error) {
    throw error instanceof SetupError
      ? new SetupError(`${error.message.replace(/\.$/, '')}; correct MEDIASOUP_WORKER_BIN or unset it.`, {
          cause: error,
        })
      : error;
  }
  const stamp = verifiedStamp(file);
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, `${file}\n`);

  return 'speaks the right protocol';
}

function operatorsWorker(): string | undefined {
  const given = process.env['MEDIASOUP_WORKER_BIN'];

  return given === undefined || given === '' ? undefined : resolve(given);
}

/** One entry per mediasoup version, recipe, processor and system release (which fixes the C library). */
function cacheEntry(): string {
  const { version } = installedPackage('mediasoup');
  const key = [version, process.arch, systemRelease(), hashPaths(recipe).slice(0, 8)].join('-');

  return join(cacheDir(), 'mediasoup-worker', key);
}

function systemRelease(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    const field = (name: string): string => new RegExp(`^${name}="?([\\w.]+)`, 'm').exec(text)?.[1] ?? '';

    return `${field('ID')}${field('VERSION_ID')}`;
  } catch {
    return process.platform;
  }
}

/** Exists once this very file was verified against the installed version. */
function verifiedStamp(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  const identity = [file, found?.ino, found?.size, found?.mtimeMs, installedPackage('mediasoup').version];
  const name = createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, 16);

  return join(cacheDir(), 'verified-workers', name);
}
