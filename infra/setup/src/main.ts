import { installPostgres, isPostgresInstalled } from './postgres.ts';
import { chromiumStep } from './chromium/chromium.ts';
import { prismaClientStep } from './prismaClient.ts';
import { runSteps } from './runSteps.ts';
import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';
import { ToolFailure } from './runTool.ts';
import { webBuildStep } from './webBuild.ts';
import { workerStep } from './worker/worker.ts';

const interruptedCode = 130;

/** What each purpose needs; `start` alone does without the browser. */
function stepsFor(purpose: string): readonly Step[] {
  const platform = [postgresStep(), prismaClientStep(), webBuildStep(), workerStep()];

  switch (purpose) {
    case 'start':
      return platform;
    case 'test':
    case 'all':
      return [...platform, chromiumStep()];
    default:
      throw new SetupError(`There is no set-up for "${purpose}"; there are start, test and all.`);
  }
}

function postgresStep(): Step {
  return {
    name: 'PostgreSQL',
    isDone: () => isPostgresInstalled(),
    async run() {
      await installPostgres();

      return 'copied to where its user can reach it';
    },
  };
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort());
}
// Files in the machine's cache are for every user of the machine to read, PostgreSQL's among them.
process.umask(0o022);

try {
  await runSteps(stepsFor(process.argv[2] ?? 'all'), interruption.signal, {
    write: (text) => process.stdout.write(text),
    isTTY: process.stdout.isTTY,
  });
} catch (error) {
  if (interruption.signal.aborted) {
    process.exitCode = interruptedCode;
  } else {
    console.error(explain(error));
    process.exitCode = 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof SetupError || error instanceof ToolFailure) {
    return error.message;
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return explainSystemError(error.code, error.message);
  }

  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function explainSystemError(code: string, message: string): string {
  switch (code) {
    case 'ENOSPC':
      return 'The disk is full, so the set-up could not go on; free some space and start again.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The set-up may not write where it has to (${message}); choose another cache with PARLEY_CACHE_DIR.`;
    default:
      return `The set-up could not go on (${message}).`;
  }
}
