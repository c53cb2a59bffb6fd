import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const callingFolder = resolve(import.meta.dirname, '../../calling');

/** A public entry of a package: the name that applications import, and the file behind it. */
export interface Entry {
  readonly name: string;
  readonly file: string;
}

/** The SDK's entries, as its `exports` name them. */
export function callingEntries(): readonly Entry[] {
  const { name, exports } = JSON.parse(readFileSync(join(callingFolder, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string>;
  };

  return Object.entries(exports)
    .filter(([, file]) => file.endsWith('.ts'))
    .map(([path, file]) => ({ name: join(name, path), file: join(callingFolder, file) }));
}

/** The guides that the SDK's README links to: they become pages of the reference. */
export function linkedDocuments(): readonly string[] {
  const readme = readFileSync(join(callingFolder, 'README.md'), 'utf8');
  const paths = [...readme.matchAll(/\]\(([^)#\s]+\.md)(?:#[^)]*)?\)/g)].map(([, path = '']) =>
    resolve(callingFolder, path),
  );

  return [...new Set(paths)].filter((path) => existsSync(path));
}
