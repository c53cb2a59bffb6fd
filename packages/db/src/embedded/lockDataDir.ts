import { join } from 'node:path';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';
import { FileLock, FileLockTaken } from './FileLock.ts';

/** One Parley per data directory, for as long as it lives. */
export async function lockDataDir(dataDir: string): Promise<FileLock> {
  const file = join(dataDir, 'parley.lock');
  try {
    return await FileLock.take(file);
  } catch (error) {
    throw new EmbeddedPostgresError(
      error instanceof FileLockTaken
        ? `The data directory ${dataDir} is in use by another Parley${error.process}; stop that one or choose another directory with PARLEY_DATA_DIR.`
        : `The lock file ${file} cannot be taken (${error instanceof Error ? error.message : String(error)}); make it a plain file of yours in a writable folder, or choose another directory with PARLEY_DATA_DIR.`,
      { cause: error },
    );
  }
}
