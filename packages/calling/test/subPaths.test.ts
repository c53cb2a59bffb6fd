import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiText, typesIn } from '../tools/apiText.ts';
import {
  copyOfCheckout,
  installCalling,
  ownEnvironment,
  type InstalledCalling,
} from './support/installCalling.ts';

const tools = resolve(import.meta.dirname, '../../../node_modules/.bin');
const run = promisify(execFile);

/** A sub-path as one is written, with a worker; and a second, so that they share something that the core has not. */
const sources = {
  'example/index.ts': `import { Emitter } from '@parley/kit';
    import type { CommunicationUserCredential } from '../client/CommunicationUserCredential.ts';
    import { CallError } from '../errors.ts';
    export class Example extends Emitter<{ done: [] }> {}
    export function fail(): never { throw new CallError('not_supported'); }
    export const use = (credential: CommunicationUserCredential): unknown => credential;
    export const start = (): Worker =>
      new Worker(new URL('./example.worker.ts', import.meta.url), { type: 'module' });`,
  'example/example.worker.ts': `import { Emitter } from '@parley/kit';
    globalThis.onmessage = () => postMessage(['example worker', new Emitter()]);`,
  'other/index.ts': `import { CommunicationUserCredential } from '../index.ts';
    export { Example } from '../example/index.ts';
    export const makeCredential = (): unknown => new CommunicationUserCredential('token');`,
};
const limits = { example: 10_000, other: 10_000, 'example.worker': 2000 };

/** Adds them to a copy of the checkout. */
async function addSubPaths(copy: string, limited: Readonly<Record<string, number>> = limits): Promise<void> {
  const calling = join(copy, 'packages/calling');
  for (const [name, text] of Object.entries(sources)) {
    await mkdir(join(calling, 'src', name, '..'), { recursive: true });
    await writeFile(join(calling, 'src', name), text);
  }
  const manifest = join(calling, 'package.json');
  const core = '".": "./src/index.ts"';
  await replaceIn(
    manifest,
    core,
    `${core}, "./example": "./src/example/index.ts", "./other": "./src/other/index.ts"`,
  );
  await replaceIn(join(calling, 'tools/sizeLimits.ts'), /(?=\n\};)/, `\n...${JSON.stringify(limited)}`);
}

async function replaceIn(path: string, what: string | RegExp, replacement: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).replace(what, replacement));
}

describe('a sub-path of the package', () => {
  let folder: string;
  let installed: InstalledCalling;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-calling-'));
    installed = await installCalling(folder, addSubPaths);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const outputOf = async (script: string): Promise<string> => {
    await writeFile(join(folder, 'script.mjs'), script);

    return (await run(process.execPath, ['script.mjs'], { cwd: folder })).stdout.trim();
  };

  it.each([
    ['as modules', '@parley/calling', '@parley/calling/example'],
    [
      'as files for a page',
      './node_modules/@parley/calling/parley-calling.js',
      './node_modules/@parley/calling/parley-calling-example.js',
    ],
  ])('fails with the CallError of the core, taken %s', async (_as, core, subPath) => {
    const output = await outputOf(`import { CallError, MediaDeviceError } from '${core}';
      import { fail } from '${subPath}';
      try {
        fail();
      } catch (error) {
        console.log(error instanceof CallError, error instanceof MediaDeviceError, error.code);
      }`);

    expect(output).toBe('true false not_supported');
  });

  it('takes and shares what is the same class for the compiler and when it runs', async () => {
    await writeFile(
      join(folder, 'use.ts'),
      `import { CommunicationUserCredential } from '@parley/calling';
       import { Example, use } from '@parley/calling/example';
       import { Example as Same } from '@parley/calling/other';
       use(new CommunicationUserCredential('token'));
       export const same: Same = new Example();
       export const wrong: string = use;`,
    );
    const options = ['--strict', '--noEmit', '--types', '', '--target', 'es2022', '--module', 'nodenext'];

    const { stdout } = await run(join(tools, 'tsc'), [...options, 'use.ts'], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );

    expect(stdout.match(/error TS\d+/g)).toEqual(['error TS2322']);
    const output = await outputOf(`import { Example } from '@parley/calling/example';
      import { Example as Same } from '@parley/calling/other';
      console.log(Example === Same);`);
    expect(output).toBe('true');
  });

  it('is one file of its own for a page, which needs no other but its worker, and no zod', async () => {
    const file = await readFile(join(installed.folder, 'parley-calling-example.js'), 'utf8');
    const worker = await readFile(join(installed.folder, 'parley-calling-example.worker.js'), 'utf8');

    expect(file).toMatch(/new URL\([`'"]\.\/parley-calling-example\.worker\.js[`'"],import\.meta\.url\)/);
    expect(`${file}\n${worker}`).not.toMatch(/\b(import|from)\s*\(?["'`]|zod/i);
    expect(worker).toContain('example worker');
  });

  it.each([
    ['as modules', '@parley/calling', '@parley/calling/other'],
    [
      'as files for a page',
      './node_modules/@parley/calling/parley-calling.js',
      './node_modules/@parley/calling/parley-calling-other.js',
    ],
  ])("makes what the core makes, of the core's own class, taken %s", async (_as, core, subPath) => {
    const output = await outputOf(`import { CommunicationUserCredential } from '${core}';
      import { makeCredential } from '${subPath}';
      console.log(makeCredential() instanceof CommunicationUserCredential);`);

    expect(output).toBe('true');
  });

  it('is loaded by a page of Vite when it is asked for, and its worker with it', async () => {
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/src/main.js"></script>');
    await writeFile(
      join(folder, 'src/main.js'),
      `import { CallClientFactory } from '@parley/calling';
       globalThis.client = CallClientFactory.create('token');
       globalThis.start = () => import('@parley/calling/example').then(({ start }) => start());`,
    );
    const args = ['build', '--outDir', 'page', '--logLevel', 'error'];

    await run(join(tools, 'vite'), args, { cwd: folder, env: ownEnvironment });

    const names = (await readdir(join(folder, 'page/assets'))).toSorted();
    expect(names).toEqual([
      expect.stringMatching(/^example-/),
      expect.stringMatching(/^index-/),
      expect.stringMatching(/^parley-calling-example\.worker-/),
    ]);
    const lazy = await readFile(join(folder, 'page/assets', names[0] ?? ''), 'utf8');
    expect(lazy).toContain(names[2]);
  });

  it('is in the report of the surface, with what it shares told once', async () => {
    const report = apiText(await typesIn(installed.folder));

    expect(report).toMatch(
      /\n## @parley\/calling\/example\n\n```ts\n(.*\n)*?export \{ Example, fail, start, use \};\n```/,
    );
    expect(report.match(/class CommunicationUserCredential/g)).toHaveLength(1);
    expect(report).not.toContain('shared');
  });

  it('is found by publint and attw', async () => {
    const { messages } = await publint({ pkgDir: installed.folder, pack: false });
    const { stdout } = await run(join(tools, 'attw'), [installed.tarball, '--profile', 'esm-only']);

    expect(messages).toEqual([]);
    expect(stdout).toMatch(/"@parley\/calling\/example"/);
  });
});

describe('the build', () => {
  const failureOf = async (
    limited: Readonly<Record<string, number>>,
    change?: (calling: string) => Promise<void>,
  ): Promise<string> => {
    const copy = await copyOfCheckout();
    try {
      await addSubPaths(copy, limited);
      const cwd = join(copy, 'packages/calling');
      await change?.(cwd);
      const { stderr } = await run(join(tools, 'vite'), ['build'], { cwd, env: ownEnvironment }).catch(
        (error: { stderr: string }) => error,
      );

      return stderr;
    } finally {
      await rm(copy, { recursive: true });
    }
  };

  it('fails for a sub-path and for a worker without a limit of its own', async () => {
    expect(await failureOf({ other: 10_000, 'example.worker': 2000 })).toContain(
      'example needs a limit in tools/sizeLimits.ts.',
    );
    expect(await failureOf({ example: 10_000, other: 10_000 })).toContain(
      'example.worker needs a limit in tools/sizeLimits.ts.',
    );
  });

  it('fails for a function of zod that its stand-in has not', async () => {
    const failure = await failureOf(limits, (calling) =>
      writeFile(
        join(calling, 'src/other/index.ts'),
        "import * as z from 'zod/mini';\nexport const schema = z.email();",
      ),
    );

    expect(failure).toMatch(/Import `email` will always be undefined/);
  });

  it('fails for a sub-path that is over its limit', async () => {
    expect(await failureOf({ ...limits, example: 100 })).toContain(
      'parley-calling-example.js is over its limit of 0.1 kB gzipped.',
    );
  });
});
