import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiText, typesIn } from '../tools/apiText.ts';
import { entries, workers } from '../tools/entries.ts';
import {
  installCalling,
  manifestOf,
  outputOf,
  ownEnvironment,
  type InstalledCalling,
} from './support/installCalling.ts';

const calling = resolve(import.meta.dirname, '..');
const tools = resolve(calling, '../../node_modules/.bin');
const run = promisify(execFile);

/** A folder outside of the checkout, with the package and what it depends on, and nothing else. */
let folder: string;
let installed: InstalledCalling;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-calling-'));
  installed = await installCalling(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** As an application writes it. */
const specifiers = entries.map(({ specifier }) => join('@parley/calling', specifier));
const pageFiles = entries.map(({ file }) => `./node_modules/@parley/calling/${file}`);

const fileOf = (name: string): Promise<string> => readFile(join(installed.folder, name), 'utf8');

describe('the package, installed from its tarball', () => {
  it('depends on nothing that is on no registry, and imports only what it depends on', async () => {
    const { dependencies } = await manifestOf(installed.folder);
    const files = (await readdir(installed.folder, { recursive: true })).filter((name) =>
      /^modules\/.*\.js$|\.d\.ts$/.test(name),
    );
    const texts = await Promise.all(files.map(fileOf));
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/^(?:import|export)\b.*?from ['"]([^'"]+)['"]/gm)].map(([, name = '']) => name),
    );

    expect(Object.keys(dependencies).toSorted()).toEqual(['mediasoup-client', 'socket.io-client', 'zod']);
    expect(new Set(imported.filter((name) => !name.startsWith('.')))).toEqual(
      new Set(['mediasoup-client', 'socket.io-client', 'zod/mini']),
    );
    expect(texts.join('')).not.toMatch(/['"]@parley\/(kit|protocol)/);
  });

  it('has a README whose links lead somewhere, without a checkout beside it', async () => {
    const readme = await fileOf('README.md');

    expect(readme).toContain('](#errors)');
    expect(readme).toContain('a first call');
    expect(readme).not.toMatch(/\]\((?!#|https?:)/);
  });

  it('holds what the README names and no sources', async () => {
    const types = entries.map(({ name }) => `${name}.d.ts`);
    const files = [...entries, ...workers].flatMap(({ file }) => [file, `${file}.map`]);
    const found = await readdir(installed.folder);
    const modules = await readdir(join(installed.folder, 'modules'), {
      recursive: true,
      withFileTypes: true,
    });

    expect(found.filter((name) => name !== 'shared.d.ts').toSorted()).toEqual(
      [
        'README.md',
        'modules',
        'package.json',
        'parley-calling.iife.js',
        'parley-calling.iife.js.map',
        ...types,
        ...files,
      ].toSorted(),
    );
    expect(modules.filter((entry) => entry.isFile() && !/\.js(\.map)?$/.test(entry.name))).toEqual([]);
  });

  it.each([...specifiers, ...pageFiles])(
    'is imported in a bare Node as %s, where there is no browser',
    async (specifier) => {
      // Node has a navigator of its own by now, which other servers lack.
      const script = `delete globalThis.navigator;
        const exported = await import('${specifier}');
        console.log(Object.keys(exported).length > 0, typeof window, typeof document, typeof navigator);`;
      await writeFile(join(folder, 'import.mjs'), script);

      const { stdout } = await run(process.execPath, ['import.mjs'], { cwd: folder });

      expect(stdout).toBe('true undefined undefined undefined\n');
    },
  );

  it.each(['nodenext', 'bundler'])(
    'has types that compile strictly by themselves, resolved by %s',
    async (way) => {
      const others = specifiers.map((specifier, index) => `export * as use${index} from '${specifier}';\n`);
      await writeFile(join(folder, 'use.ts'), use + others.join(''));
      const compilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: [],
        module: way === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution: way,
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));

      const faults = (await outputOf(folder, 'tsc', '-p', folder)).match(/^.*error TS\d+/gm);

      // The two mistakes in the script and no other: the types are there, and they are the right ones.
      expect(faults).toEqual([
        expect.stringContaining('error TS2339'),
        expect.stringContaining('error TS2367'),
      ]);
    },
  );

  it('is built into a page by Vite, which finds its dependencies', async () => {
    const lazily = specifiers.slice(1).map((specifier) => `() => import('${specifier}')`);
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/src/main.js"></script>');
    await writeFile(
      join(folder, 'src/main.js'),
      `import { CallClientFactory } from '@parley/calling';
       globalThis.client = CallClientFactory.create('token');
       globalThis.others = [${lazily.join()}];`,
    );

    await run(join(tools, 'vite'), ['build', '--outDir', 'page', '--logLevel', 'error'], {
      cwd: folder,
      env: ownEnvironment,
    });

    const assets = (await readdir(join(folder, 'page/assets'))).filter((name) => name.endsWith('.js'));
    const page = await Promise.all(assets.map((name) => readFile(join(folder, 'page/assets', name), 'utf8')));
    const text = page.join('\n');
    expect(text.includes('joinRoom')).toBe(true);
    expect(
      text.match(/\b(import|from)\s*\(?["'`](@parley|mediasoup-client|socket\.io-client|zod)\b/),
    ).toBeNull();
  });

  it.each([
    ['utils', 5],
    ['CallError', 2],
    ['MediaDeviceError', 1],
    // What it reads a token with is zod's.
    ['CommunicationUserCredential', 8],
  ])('leaves the client out of a page that imports %s alone: %d kB at most', async (name, most) => {
    await writeFile(join(folder, 'one.js'), `export { ${name} } from '@parley/calling';`);
    const bundle = await rolldown({ input: join(folder, 'one.js'), platform: 'browser' });
    const { output } = await bundle.generate({ minify: true });
    const code = output.map((part) => (part.type === 'chunk' ? part.code : '')).join('');

    expect(code).toContain(`as ${name}`);
    expect(gzipSync(code).length).toBeLessThan(most * 1000);
  });

  it('weighs what the README says', async () => {
    const [, kilobytes] = /The file weighs (\d+) kB gzipped/.exec(await fileOf('README.md')) ?? [];
    const { length } = gzipSync(await fileOf('parley-calling.js'));

    expect(Math.abs(length / 1000 - Number(kilobytes))).toBeLessThan(1);
  });

  it('makes one global in a page without modules', async () => {
    const page: { Parley?: object } = {};
    runInNewContext(await fileOf('parley-calling.iife.js'), page);

    expect(Object.keys(page)).toEqual(['Parley']);
    expect(Object.keys(page.Parley ?? {}).toSorted()).toEqual(
      Object.keys(await import('../src/index.ts')).toSorted(),
    );
  });

  it('has no fault that publint knows', async () => {
    const { messages } = await publint({ pkgDir: installed.folder, pack: false });

    expect(messages).toEqual([]);
  });

  it('has types that are right for whoever imports ES modules, says attw', async () => {
    // Ends with 1 when something is wrong; that it cannot be required from CommonJS is meant.
    const { stdout } = await run(join(tools, 'attw'), [installed.tarball, '--profile', 'esm-only']);

    expect(stdout).toContain('🟢 (ESM)');
  });
});

describe('the surface of the package', () => {
  it('is the one in etc/calling.api.md', async () => {
    const committed = await readFile(join(calling, 'etc/calling.api.md'), 'utf8');

    // After a change that was meant: npm run api --workspace=@parley/calling
    expect(apiText(await typesIn(installed.folder))).toBe(committed);
  });

  it('is the same when only what is said about it changes, and another when a member changes', () => {
    const surfaceOf = (text: string) => apiText({ 'index.d.ts': text });
    const surface = surfaceOf('/** One. */\ninterface A {\n  /** Two. */\n  b: string;\n}\n');

    expect(surfaceOf('interface A {\n  /**\n   * Three.\n   */\n  b: string;\n}\n')).toBe(surface);
    expect(surfaceOf('interface A {\n  b: number;\n}\n')).not.toBe(surface);
  });
});

/** An application that touches the main types, with two mistakes. */
const use = `import {
  CallClientFactory, CallError, CommunicationUserCredential, MediaDeviceError,
  type Call, type CallClient, type EndReasonName, type ErrorCode, type RemoteParticipant, type RemoteVideoStream,
} from '@parley/calling';

const credential = new CommunicationUserCredential(async () => 'token');
const client: CallClient = await CallClientFactory.create(credential, { iceTransportPolicy: 'relay' });
const call: Call = client.call(['bob'], { videoOptions: { camera: true } });
call.on('remoteParticipantsUpdated', ({ added }) => added.forEach(follow));
call.on('stateChanged', () => console.log(call.callEndReason?.name satisfies EndReasonName | undefined));
export const codeOf = (error: unknown): ErrorCode | string | undefined =>
  error instanceof CallError || error instanceof MediaDeviceError ? error.code : undefined;

function follow(participant: RemoteParticipant): void {
  const [stream] = participant.videoStreams;
  const same: RemoteVideoStream | undefined = stream;
  void same?.render(document.body, 'Crop');
}

call.noSuchMethod();
export const isWrong = call.state === 'NoSuchState';
`;
