import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const root = resolve(import.meta.dirname, '..');

const manifestSchema = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

interface Package {
  folder: string;
  name: string;
  mayImport: readonly string[];
  dependencies: readonly string[];
  developmentOnly: readonly string[];
}

/** The rows of the table under "## Packages" in ARCHITECTURE.md. */
function readPackages(): Package[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([^`]+)`\s*\|[^|]*\|([^|]*)\|$/gm)];

  return rows.map(([, folder = '', allowed = '']) => {
    const manifest = manifestSchema.parse(
      JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
    );
    const names =
      allowed.trim() === 'nothing' ? [] : allowed.split(',').map((name) => `@parley/${name.trim()}`);

    return {
      folder,
      name: manifest.name,
      mayImport: names,
      dependencies: Object.keys({
        ...manifest.dependencies,
        ...manifest.optionalDependencies,
        ...manifest.peerDependencies,
      }),
      developmentOnly: Object.keys(manifest.devDependencies),
    };
  });
}

interface Import {
  file: string;
  specifier: string;
}

/** Every import, re-export and dynamic import of a package's own source files. */
function importsOf(folder: string): Import[] {
  const files = globSync('**/*.{ts,tsx,mjs}', {
    cwd: join(root, folder),
    exclude: ['node_modules/**', 'dist/**', '**/generated/**'],
  });

  return files.flatMap((file) => {
    const path = join(folder, file);
    const text = readFileSync(join(root, path), 'utf8');
    const specifiers = [
      ...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]/g),
      ...text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g),
      ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
    ];

    return specifiers.map(([, specifier = '']) => ({ file: path, specifier }));
  });
}

/** Nor is what writes source, in `tools`, any part of what a package gives out. */
const isTest = (file: string): boolean =>
  /(^|\/)(test|e2e|long|network|bench|tools)\/|\.test\.tsx?$/.test(file);
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const packages = readPackages();

describe('the table of packages in ARCHITECTURE.md', () => {
  it('has a row for every workspace and no other', () => {
    const workspaces = globSync(
      ['packages/*/package.json', 'services/*/package.json', 'infra/*/package.json'],
      {
        cwd: root,
      },
    ).map((path) => dirname(path));

    expect(packages.map(({ folder }) => folder).toSorted()).toEqual(workspaces.toSorted());
  });

  it('has no cycle', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (packages.find(({ name }) => name === from)?.mayImport ?? []).some((next) => {
        if (next === to) {
          return true;
        }
        if (seen.has(next)) {
          return false;
        }
        seen.add(next);

        return reaches(next, to, seen);
      });

    expect(packages.filter(({ name }) => reaches(name, name)).map(({ name }) => name)).toEqual([]);
  });
});

describe.for(packages.map((entry) => [entry.folder, entry] as const))('%s', ([, entry]) => {
  const imports = importsOf(entry.folder);

  it('imports only the Parley packages that the table allows', () => {
    const faults = imports
      .filter(({ specifier }) => specifier.startsWith('@parley/'))
      .filter(({ file, specifier }) => {
        const target = packageOf(specifier);
        const allowed = entry.mayImport.includes(target) || target === entry.name;

        return !allowed && !(isTest(file) && entry.developmentOnly.includes(target));
      });

    expect(faults).toEqual([]);
  });

  it('lists the Parley packages it depends on, and only those the table allows', () => {
    const listed = entry.dependencies.filter((name) => name.startsWith('@parley/'));
    const used = new Set(
      imports.filter(({ file }) => !isTest(file)).map(({ specifier }) => packageOf(specifier)),
    );

    expect(listed.filter((name) => !entry.mayImport.includes(name))).toEqual([]);
    expect(listed.filter((name) => !used.has(name))).toEqual([]);
    expect([...used].filter((name) => name.startsWith('@parley/') && !listed.includes(name))).toEqual([]);
  });

  it('never reaches into another package by a relative path', () => {
    const faults = imports.filter(({ file, specifier }) => {
      const inside = relative(entry.folder, join(dirname(file), specifier));

      return specifier.startsWith('.') && inside.startsWith('..') && !isTest(file);
    });

    expect(faults).toEqual([]);
  });
});

/** Libraries with one door: which source files may import them. */
const doors: Record<string, RegExp> = {
  'mediasoup-client': /^packages\/calling\/src\/media\/mediasoupMedia\.ts$/,
  'socket.io-client': /^packages\/calling\/src\/signaling\/\w+\.ts$/,
  'socket.io': /^services\/sfu\/src\/signaling\//,
  mediasoup: /^services\/sfu\/src\/(workers|media)\//,
  '@prisma/adapter-pg': /^packages\/db\/src\//,
  pg: /^packages\/db\/src\//,
  '@node-oauth/oauth2-server': /^services\/api\/src\/oauth\//,
};

describe('a library with one door', () => {
  const imports = packages.flatMap(({ folder }) => importsOf(folder)).filter(({ file }) => !isTest(file));

  it.for(Object.entries(doors))('%s is imported there and nowhere else', ([library, door]) => {
    const files = [
      ...new Set(imports.filter(({ specifier }) => packageOf(specifier) === library).map((i) => i.file)),
    ];

    expect(files.filter((file) => !door.test(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  it('socket.io-client is imported by exactly one file', () => {
    const files = imports.filter(({ specifier }) => specifier === 'socket.io-client').map(({ file }) => file);

    expect(new Set(files).size).toBe(1);
  });
});
