import { closeSync, openSync, readSync } from 'node:fs';
import process from 'node:process';
import { isExecutable, placesOf } from '../findProgram.ts';
import { SetupError } from '../SetupError.ts';

const programs = ['firefox-esr', 'firefox'];
const usualPlaces = ['/usr/bin', '/usr/local/bin', '/opt/firefox'];

/**
 * The Firefox that tests drive: what PARLEY_FIREFOX names, else one of the system; undefined where there is none.
 *
 * @throws SetupError when PARLEY_FIREFOX names no program.
 */
export function findFirefox(): string | undefined {
  const given = process.env['PARLEY_FIREFOX'];
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) {
      throw new SetupError(`PARLEY_FIREFOX names ${given}, which is not a program; correct it, or unset it.`);
    }

    return given;
  }

  return placesOf(programs, usualPlaces).find((file) => isExecutable(file) && !isSnap(file));
}

/** Ubuntu's /usr/bin/firefox is a script that starts a snap, which may not read the profiles that tests give it. */
function isSnap(file: string): boolean {
  const beginning = Buffer.alloc(4_096);
  try {
    const opened = openSync(file, 'r');
    try {
      readSync(opened, beginning);
    } finally {
      closeSync(opened);
    }
  } catch {
    return false;
  }

  return beginning.includes('/snap/');
}
