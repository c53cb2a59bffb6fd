import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf } from '../../calling/test/support/installCalling.ts';
import { installReact, type InstalledReact } from './support/installReact.ts';
import { linesOfComponent, meeting } from './support/readme.ts';

const tools = resolve(import.meta.dirname, '../../../node_modules/.bin');
const run = promisify(execFile);

/** A folder outside of the checkout, with the package, the SDK and React, and nothing else. */
let folder: string;
let installed: InstalledReact;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-react-'));
  installed = await installReact(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the package, installed from its tarball', () => {
  it('leaves React and the SDK to the application, and imports nothing else', async () => {
    const manifest = JSON.parse(await readFile(join(installed.folder, 'package.json'), 'utf8')) as object;
    const code = await readFile(join(installed.folder, 'index.js'), 'utf8');
    const imported = [...code.matchAll(/from\s*['"]([^'"]+)['"]/g)].map(([, name]) => name);

    expect(manifest).toMatchObject({ peerDependencies: { '@parley/calling': '0.1.0' } });
    expect(manifest).not.toHaveProperty('dependencies');
    expect(new Set(imported)).toEqual(new Set(['@parley/calling', 'react', 'react/jsx-runtime']));
  });

  it('says to frameworks that its components are for the browser', async () => {
    expect(await readFile(join(installed.folder, 'index.js'), 'utf8')).toMatch(/^['"]use client['"];/);
  });

  it('has a README whose links lead somewhere, without a checkout beside it', async () => {
    const readme = await readFile(join(installed.folder, 'README.md'), 'utf8');

    expect(readme).toContain('@parley/calling');
    expect(readme).not.toMatch(/\]\((?!#|https?:)/);
  });

  it('holds one module and its types, and no sources', async () => {
    expect((await readdir(installed.folder)).toSorted()).toEqual([
      'README.md',
      'index.js',
      'index.js.map',
      'package.json',
      'types',
    ]);
    const types = await readdir(join(installed.folder, 'types'));
    expect(types.filter((name) => !name.endsWith('.d.ts') || name.includes('.test.'))).toEqual([]);
  });

  it('is imported and rendered in a bare Node, where there is no browser', async () => {
    // Node has a navigator of its own by now, which other servers lack.
    const script = `delete globalThis.navigator;
      const { CallClientProvider, useCalls, useConnectionState, VideoView } = await import('@parley/react');
      const { createElement: element } = await import('react');
      const { renderToString } = await import('react-dom/server');
      const Page = () =>
        element('p', {}, useConnectionState().state, useCalls().length, element(VideoView, { className: 'tile' }));
      console.log(renderToString(element(CallClientProvider, { credential: 'token' }, element(Page))));`;
    await writeFile(join(folder, 'render.mjs'), script);

    const { stdout } = await run(process.execPath, ['render.mjs'], { cwd: folder });

    expect(stdout).toMatch(/^<p>Connecting.*0<div class="tile" style="overflow:hidden"><\/div><\/p>\n$/);
  });

  it.each(['nodenext', 'bundler'])("compiles the README's samples strictly, resolved by %s", async (way) => {
    await writeFile(join(folder, 'meeting.tsx'), meeting);
    const lines = `import type { Call } from '@parley/calling';
      import { useEvent, useObservable } from '@parley/react';
      import { useState } from 'react';
      export function Lines({ call }: { call: Call }) {\n${linesOfComponent}\n}`;
    await writeFile(join(folder, 'lines.tsx'), lines);
    await writeFile(join(folder, 'mistakes.tsx'), mistakes);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      jsx: 'react-jsx',
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      module: way === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: way,
    };
    const files = ['meeting.tsx', 'lines.tsx', 'mistakes.tsx'];
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));

    const faults = (await outputOf(folder, 'tsc', '-p', folder)).match(/^\S.*error TS\d+/gm);

    // The mistakes and no other: the types are there, and they are the right ones.
    expect(faults).toEqual([
      expect.stringMatching(/mistakes\.tsx\(4,.*TS2322/),
      expect.stringMatching(/mistakes\.tsx\(6,.*TS2339/),
      expect.stringMatching(/mistakes\.tsx\(7,.*TS2322/),
      expect.stringMatching(/mistakes\.tsx\(8,.*TS2769/),
    ]);
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

/** A component with a mistake in each of the lines 4, 6, 7 and 8. */
const mistakes = `import type { Call } from '@parley/calling';
import { CallClientProvider, useCall, useEvent, useObservable, VideoView } from '@parley/react';
export function Mistakes({ call }: { call: Call }) {
  const name: string | undefined = useObservable(call, ['customDataChanged'], ({ isMuted }) => isMuted);
  const { state } = useCall(call);
  useEvent(call, 'reactionReceived', ({ emoji }) => console.log(emoji, state, name));
  const view = <VideoView stream={undefined} scalingMode="Zoom" />;
  useObservable(call, ['noSuchEvent'], () => view);
  return <CallClientProvider credential="token">{view}</CallClientProvider>;
}
`;
