import { join } from 'node:path';
import { isExecutable, placesOf } from './findProgram.ts';
import { cacheDir, repositoryRoot } from './places.ts';
import { runTool, ToolFailure } from './runTool.ts';
import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';
import { withMachineLock } from './withMachineLock.ts';

export interface DebianProgram {
  /** As the set-up shows it. */
  readonly name: string;
  readonly program: string;
  readonly debianPackage: string;
  /** Completes "… needs packages that only root can install". */
  readonly purpose: string;
  readonly isOptional?: boolean;
  /** Whether there is one; by default, whether the program is. */
  readonly isThere?: () => boolean;
}

/**
 * A program that tests run, each its own, and that the platform alone does not need. Where systemd runs, Debian's package
 * of a server starts one on its usual port too, which nothing here uses.
 */
export function debianProgramStep(wanted: DebianProgram): Step {
  const { name, program, isOptional = false, isThere = () => isOnPath(program) } = wanted;

  return {
    name,
    isOptional,
    isDone: isThere,
    run: (context) =>
      withMachineLock(join(cacheDir(), `${program}.lock`), context, async () => {
        if (isThere()) {
          return 'found, another set-up has brought it';
        }
        context.progress("installing Debian's package");
        await install(wanted, context.signal);

        return "installed from Debian's package";
      }),
  };
}

function isOnPath(program: string): boolean {
  // Debian's is for everybody, whatever the PATH of the set-up.
  return placesOf([program], ['/usr/bin', '/usr/local/bin']).some(isExecutable);
}

async function install(
  { program, debianPackage, purpose }: DebianProgram,
  signal: AbortSignal,
): Promise<void> {
  try {
    await runTool({
      name: debianPackage,
      command: 'bash',
      args: [join(repositoryRoot, 'infra/setup/apt-install.sh'), purpose, debianPackage],
      signal,
    });
  } catch (error) {
    if (!(error instanceof ToolFailure)) {
      throw error;
    }
    throw new SetupError(
      `No ${program} was found and none can be brought: ${error.diagnosis ?? error.message}, or put one on the PATH (log: ${error.logFile}).`,
      { cause: error },
    );
  }
}
