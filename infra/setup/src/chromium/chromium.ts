import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, installedPackage, repositoryRoot } from '../places.ts';
import { runTool, ToolFailure } from '../runTool.ts';
import { SetupError } from '../SetupError.ts';
import type { Step, StepContext } from '../Step.ts';
import { withMachineLock } from '../withMachineLock.ts';
import { browsersDir, findChromium, locateChromium } from './locateChromium.ts';

const run = promisify(execFile);

const answerLimitMs = 3_000;
const downloadLimitMs = 180_000;

/** The host of playwright's browsers; asked first, so that a machine without internet access loses no time. */
const vendor = 'https://cdn.playwright.dev/';

/** Text in screenshots needs a font, and names may hold emoji. */
const debianPackages = ['chromium', 'fonts-liberation', 'fonts-noto-color-emoji'];

/** The browser that the end-to-end tests drive. */
export function chromiumStep(): Step {
  return {
    name: 'Chromium',
    isDone: () => isGiven() || findChromium() !== undefined,
    run: (context) =>
      withMachineLock(join(cacheDir(), 'chromium.lock'), context, () => bringChromium(context)),
  };
}

function isGiven(): boolean {
  return (process.env['PARLEY_CHROMIUM'] ?? '') !== '';
}

async function bringChromium(context: StepContext): Promise<string> {
  if (findChromium() !== undefined) {
    return 'found, another set-up has brought it';
  }
  context.progress('downloading');
  if (await download(context)) {
    return 'downloaded';
  }
  context.progress("installing Debian's package");
  await installPackage(context);
  await run(await locateChromium(), ['--version']);

  return "installed from Debian's package";
}

/** Playwright's download with what it needs of the system; false when either is out of reach. */
async function download({ signal }: StepContext): Promise<boolean> {
  if (!(await isVendorReachable(signal))) {
    return false;
  }
  const withLibraries = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') ? ['--with-deps'] : [];
  try {
    await runTool({
      name: 'chromium-download',
      command: process.execPath,
      args: [
        join(installedPackage('playwright-core').directory, 'cli.js'),
        'install',
        ...withLibraries,
        'chromium',
      ],
      env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: browsersDir() },
      signal: AbortSignal.any([signal, AbortSignal.timeout(downloadLimitMs)]),
    });
    await run(await locateChromium(), ['--version']);

    return true;
  } catch {
    signal.throwIfAborted();
    // Half a browser, or one that lacks libraries here, must not be found by the next start.
    await rm(browsersDir(), { recursive: true, force: true });

    return false;
  }
}

async function isVendorReachable(signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(vendor, {
      method: 'HEAD',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerLimitMs)]),
    });

    return true;
  } catch {
    return false;
  }
}

async function installPackage({ signal }: StepContext): Promise<void> {
  try {
    await runTool({
      name: 'chromium',
      command: 'bash',
      args: [join(repositoryRoot, 'infra/setup/apt-install.sh'), 'testing in a browser', ...debianPackages],
      signal,
    });
  } catch (error) {
    if (!(error instanceof ToolFailure)) {
      throw error;
    }
    throw new SetupError(
      `No Chromium was found and none can be brought: ${error.diagnosis ?? error.message}, or name one with PARLEY_CHROMIUM (log: ${error.logFile}).`,
      { cause: error },
    );
  }
}
