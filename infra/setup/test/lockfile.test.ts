import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../src/places.ts';

interface Lockfile {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
}

describe('package-lock.json', () => {
  it('holds the platform packages of every platform, without which newer npm 11 refuses npm ci', () => {
    const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as Lockfile;
    const locked = new Set(Object.keys(lock.packages).map((path) => path.split('node_modules/').at(-1)));

    const missing = Object.values(lock.packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !locked.has(name));

    expect(missing).toEqual([]);
  });

  it('holds one compiler for everybody: others belong to the tool that asks them for types, and to nobody else', () => {
    const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as Lockfile;
    const compilers = Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/typescript'));

    expect(lock.packages['node_modules/typescript']?.version).toMatch(/^7\./);
    expect(compilers.toSorted()).toEqual([
      'node_modules/@arethetypeswrong/core/node_modules/typescript',
      'node_modules/typescript',
      'packages/reference/node_modules/typescript',
    ]);
  });
});
