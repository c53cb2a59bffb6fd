import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { formatElapsed } from '../runSteps.ts';
import { repositoryRoot } from '../places.ts';
import { NewcomerShell } from './NewcomerShell.ts';
import { processesAround, type FoundProcess } from './processes.ts';

const run = promisify(execFile);

/** Building the worker is part of a first start on a machine that cannot download it. */
const firstStartLimitMs = 20 * 60_000;
const secondStartLimitMs = 5_000;

export interface InstallCase {
  /** Where the empty folder for the clone is made. */
  parent: string;
  npm: { version: string; cli: string };
}

export interface InstallResult {
  where: string;
  npm: string;
  'npm ci': string;
  'first start': string;
  'second start': string;
  'npm test': string;
  verdict: string;
}

/** Clones HEAD, installs, starts and stops twice, runs the tests. Cleans up whatever happens. */
export async function tryInstall({ parent, npm }: InstallCase): Promise<InstallResult> {
  const result: InstallResult = {
    where: parent,
    npm: npm.version,
    'npm ci': '',
    'first start': '',
    'second start': '',
    'npm test': '',
    verdict: 'ok',
  };
  const folder = await mkdtemp(join(parent, 'parley-install-'));
  const clone = join(folder, 'parley');
  const logs = join(repositoryRoot, '.parley/check-install');
  await mkdir(logs, { recursive: true });
  const shell = new NewcomerShell({
    clone,
    npmCli: npm.cli,
    logFile: join(logs, `${folder.replaceAll('/', '-')}.log`),
  });

  try {
    await run('git', ['clone', '--quiet', '--no-hardlinks', repositoryRoot, clone]);
    const ciStartedAt = Date.now();
    await shell.npm('ci');
    result['npm ci'] = formatElapsed(Date.now() - ciStartedAt);

    const first = await shell.start(firstStartLimitMs);
    result['first start'] = formatElapsed(first.readyAfterMs);
    await first.terminate();
    await requireNoProcess(clone);

    const second = await shell.start(firstStartLimitMs);
    result['second start'] = formatElapsed(second.readyAfterMs);
    await second.interrupt();
    await requireNoProcess(clone);
    const testsStartedAt = Date.now();
    await shell.npm('test');
    result['npm test'] = formatElapsed(Date.now() - testsStartedAt);
    await requireNoProcess(clone);
    if (second.readyAfterMs > secondStartLimitMs) {
      result.verdict = `the second start took longer than ${secondStartLimitMs / 1000} s`;
    }
  } catch (error) {
    result.verdict = error instanceof Error ? error.message : String(error);
  } finally {
    endAll(processesAround([clone]));
    await rm(await dataDirOf(clone), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }

  return result;
}

/** The kernel removes an ended process from its table a moment after its parent has ended. */
async function requireNoProcess(clone: string): Promise<void> {
  const folders = [clone, await dataDirOf(clone)];
  const deadline = Date.now() + 1_000;
  let left = processesAround(folders);
  while (left.length > 0 && Date.now() < deadline) {
    await delay(50);
    left = processesAround(folders);
  }
  if (left.length > 0) {
    endAll(left);
    const commands = left.map(({ commandLine }) => commandLine.slice(0, 60));
    throw new Error(`${left.length} processes were left behind, such as ${commands.slice(0, 3).join('; ')}`);
  }
}

/** They are of a clone that is removed next, so nobody can miss them. */
function endAll(processes: readonly FoundProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with one before it.
    }
  }
}

async function dataDirOf(clone: string): Promise<string> {
  const dataDir = join(clone, '.parley/data');

  return realpath(dataDir).catch(() => dataDir);
}
