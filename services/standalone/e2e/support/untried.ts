import process from 'node:process';

declare module 'vitest' {
  interface TaskMeta {
    /** Said again at the end of `npm test`, where nobody is to take what was not tried for passed. */
    whySkipped?: string;
  }
}

/**
 * Says it at once where tests are going to be skipped, and has them say it again at the end.
 *
 * @param why What this machine lacks, as a sentence without its full stop; undefined where it can try them.
 */
export function untried(why: string | undefined): { meta: { whySkipped?: string } } {
  if (why !== undefined) {
    process.stdout.write(`Skipped: ${why}.\n`);
  }

  return { meta: why === undefined ? {} : { whySkipped: why } };
}
