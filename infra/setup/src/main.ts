import { postgresStep } from './postgres.ts';
import { chromiumStep } from './chromium/chromium.ts';
import { debianProgramStep } from './debianProgram.ts';
import { findFirefox } from './firefox/findFirefox.ts';
import { prismaClientStep } from './prismaClient.ts';
import { runSteps } from './runSteps.ts';
import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';
import { ToolFailure } from './runTool.ts';
import { webBuildStep } from './webBuild.ts';
import { workerStep } from './worker/worker.ts';

const interruptedCode = 130;

const redisStep = debianProgramStep({
  name: 'Redis',
  program: 'redis-server',
  debianPackage: 'redis-server',
  purpose: 'testing several processes',
});

const coturnStep = debianProgramStep({
  name: 'coturn',
  program: 'turnserver',
  debianPackage: 'coturn',
  purpose: 'testing TURN',
});

const firefoxStep = debianProgramStep({
  name: 'Firefox',
  program: 'firefox-esr',
  debianPackage: 'firefox-esr',
  purpose: 'testing in Firefox',
  isOptional: true,
  isThere: () => findFirefox() !== undefined,
});

const pulseaudioStep = debianProgramStep({
  name: 'PulseAudio',
  program: 'pulseaudio',
  debianPackage: 'pulseaudio',
  purpose: 'testing microphones',
  isOptional: true,
});

/** What each purpose needs: the checks only generated types, tests a browser besides. */
function stepsFor(purpose: string): readonly Step[] {
  const platform = [workerStep(), prismaClientStep(), webBuildStep()];
  // With a server of the operator's own the embedded one is not needed.
  const isDatabaseGiven = (process.env['DATABASE_URL'] ?? '') !== '';

  switch (purpose) {
    case 'check':
      return [prismaClientStep()];
    case 'start':
      return isDatabaseGiven ? platform : [postgresStep(), ...platform];
    case 'test':
    case 'all':
      return [
        postgresStep(),
        ...platform,
        chromiumStep(),
        redisStep,
        coturnStep,
        firefoxStep,
        pulseaudioStep,
      ];
    default:
      throw new SetupError(`There is no set-up for "${purpose}"; there are check, start, test and all.`);
  }
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
    case 'ENOENT':
    case 'ENOTDIR':
      return `The set-up may not write where it has to (${message}); choose another cache with PARLEY_CACHE_DIR.`;
    default:
      return `The set-up could not go on (${message}).`;
  }
}
