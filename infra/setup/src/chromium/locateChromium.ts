import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isExecutable, placesOf } from '../findProgram.ts';
import { cacheDir } from '../places.ts';
import { SetupError } from '../SetupError.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const usualPlaces = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];

/** Where playwright's own download is put. */
export function browsersDir(): string {
  return join(cacheDir(), 'browsers');
}

/**
 * The browser that tests drive: what PARLEY_CHROMIUM names, else one that the set-up brought, else one of the system.
 *
 * @throws SetupError when there is none.
 */
export async function locateChromium(): Promise<string> {
  const given = process.env['PARLEY_CHROMIUM'];
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) {
      throw new SetupError(
        `PARLEY_CHROMIUM names ${given}, which is not a program; correct it, or unset it and run npm run setup.`,
      );
    }

    return given;
  }
  const found = findChromium();
  if (found === undefined) {
    throw new SetupError(
      'No Chromium was found on this machine; run npm run setup, or name one with PARLEY_CHROMIUM.',
    );
  }

  return found;
}

export function findChromium(): string | undefined {
  return [...downloaded(), ...placesOf(programs, usualPlaces)].find(isExecutable);
}

function downloaded(): string[] {
  try {
    return readdirSync(browsersDir())
      .filter((name) => /^chromium-\d+$/.test(name))
      .flatMap((name) =>
        ['chrome-linux64', 'chrome-linux'].map((folder) => join(browsersDir(), name, folder, 'chrome')),
      );
  } catch {
    return [];
  }
}
