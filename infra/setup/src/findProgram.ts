import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** Where programs of these names may be: on the path, and in `usualPlaces`. */
export function placesOf(programs: readonly string[], usualPlaces: readonly string[]): string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...usualPlaces];

  return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);

    return true;
  } catch {
    return false;
  }
}
