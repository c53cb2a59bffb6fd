import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installManagement } from './support/installManagement.ts';
import { startService } from './support/startService.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const tsc = join(checkout, 'node_modules/.bin/tsc');
const run = promisify(execFile);

/** A folder outside of the checkout, with the package installed in it and nothing else. */
let folder: string;
let dist: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-management-'));
  dist = await installManagement(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the package, installed from its tarball', () => {
  it('has no dependencies, and nothing in it names another package', async () => {
    const manifest = JSON.parse(await readFile(join(dist, '../package.json'), 'utf8')) as object;
    const texts = await Promise.all(
      globSync('**/*.{js,d.ts}', { cwd: dist }).map((file) => readFile(join(dist, file), 'utf8')),
    );
    const specifiers = texts.flatMap((text) =>
      [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier),
    );

    expect(Object.keys(manifest)).not.toContain('dependencies');
    expect(Object.keys(manifest)).not.toContain('peerDependencies');
    expect(specifiers.length).toBeGreaterThan(20);
    expect(specifiers.filter((specifier) => !specifier?.startsWith('.'))).toEqual([]);
  });

  it('runs in a bare Node', async () => {
    await using service = await startService(() => ({ status: 200, body: { items: [{ id: 'alice' }] } }));
    await writeFile(
      join(folder, 'list.mjs'),
      `import { ManagementClient } from '@parley/management';
       const client = new ManagementClient({ url: process.argv[2], key: 'sk_' });
       for await (const { id } of client.users.list()) console.log(id);`,
    );

    const { stdout } = await run(process.execPath, ['list.mjs', service.url], { cwd: folder });

    expect(stdout).toBe('alice\n');
  });

  it.each(['nodenext', 'bundler'])(
    'has types that compile strictly by themselves, resolved by %s',
    async (moduleResolution) => {
      const faults = await faultsOf(
        `export const name: string = (await client.users.get('alice')).displayName;
         export const numbers: string[] = (await client.users.create({ phoneNumbers: null })).phoneNumbers;
         for await (const call of client.calls.list({ state: 'live' })) console.log(call.endReason === 'no such');`,
        moduleResolution,
      );

      // The two mistakes above and no other: the types are there, and they are the right ones.
      expect(faults).toEqual(['error TS2322', 'error TS2367']);
    },
  );
});

describe('the package in the checkout', () => {
  it('can be imported by its name once the set-up was done', async () => {
    const script = "console.log(typeof (await import('@parley/management')).ManagementClient)";

    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: checkout,
    });

    expect(stdout).toBe('function\n');
  });
});

/** What the compiler says of a script that uses the package. */
async function faultsOf(script: string, moduleResolution: string): Promise<string[]> {
  await writeFile(
    join(folder, 'use.ts'),
    `import { ManagementClient } from '@parley/management';
     const client = new ManagementClient({ url: 'https://calls.example', key: 'sk_' });
     ${script}`,
  );
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution,
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));

  const output = await run(tsc, ['-p', folder], { cwd: folder }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );

  return output.match(/error TS\d+/g) ?? [];
}
