import { access, chmod, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the folder of what outlives a restart, and rejects with the sentence to show when it cannot serve. It comes before
 * whatever lies in it: each of these would name a setting of its own.
 */
export async function ensureStateDir(folder: string): Promise<void> {
  try {
    for (const path of await missingOf(folder)) {
      await make(path);
    }
    if (!(await stat(folder)).isDirectory()) {
      throw new Error('it is no folder');
    }
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `The state folder ${folder} cannot be used (${reasonOf(error)}): set PARLEY_STATE_DIR to a folder that can be written to.`,
      { cause: error },
    );
  }
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    // Another node of this machine may have made it a moment ago.
    if (await exists(path)) {
      return;
    }
    throw error;
  }
  // Whatever the umask: the embedded database's user goes through it. What is secret in there is closed by itself.
  await chmod(path, 0o755);
}

/** The outermost first. Node.js would retry a recursive `mkdir` for ever where the system answers ENOENT, as in /proc. */
async function missingOf(folder: string): Promise<string[]> {
  return (await exists(folder)) ? [] : [...(await missingOf(dirname(folder))), folder];
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }

  return 'code' in error ? String(error.code) : error.message;
}
