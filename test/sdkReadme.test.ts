import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endReasonNames } from '@parley/protocol';
import { expect, it } from 'vitest';

const checkout = join(import.meta.dirname, '..');
const sdk = join(checkout, 'packages/calling');
const text = readFileSync(join(sdk, 'README.md'), 'utf8');
const samplesOf = (markdown: string): string[] =>
  [...markdown.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, sample = '']) => sample);
const samples = samplesOf(text);
const guides = globSync('docs/**/*.md', { cwd: checkout });
const samplesOfGuides = guides.flatMap((guide) => samplesOf(readFileSync(join(checkout, guide), 'utf8')));

/** What a sample has from those before, or from whoever reads it. */
const globals = `import type { Call, CallClient } from '@parley/calling';
declare global {
  const client: CallClient;
  const call: Call;
  const token: string;
  const roomId: string;
  const callId: string;
}`;

/** Brings what a page has imported already. */
const moduleOf = (sample: string): string =>
  sample.startsWith('import ')
    ? sample
    : `import { CallClientFactory, CallError, LocalVideoStream, MediaDeviceError, utils, type RemoteParticipant, type RemoteVideoStream } from '@parley/calling';\n${sample}`;

/** What the compiler says of these modules, one line each. */
async function complaintsOf(modules: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-readme-'));
  try {
    const files = [...modules, globals].map((content, index) => ({ name: `sample${index}.ts`, content }));
    await Promise.all(files.map(({ name, content }) => writeFile(join(folder, name), content)));
    const config = {
      extends: join(sdk, 'tsconfig.json'),
      compilerOptions: {
        noUnusedLocals: false,
        paths: {
          '@parley/calling': [join(sdk, 'src/index.ts')],
          '@parley/calling/*': [join(sdk, 'src/*/index.ts')],
        },
      },
      include: [],
      files: files.map(({ name }) => name),
    };
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(checkout, 'node_modules/.bin/tsc');
    const { stdout } = await promisify(execFile)(tsc, ['-p', folder]).catch(
      (error: { stdout: string }) => error,
    );

    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('every sample in the README of the SDK, and in the guides, compiles', async () => {
  expect(samples.length).toBeGreaterThan(8);
  expect(samplesOfGuides.length).toBeGreaterThan(6);
  const mistake = 'call.noSuchMethod();';
  const complaints = await complaintsOf(
    [mistake, ...samples, ...samplesOfGuides].map((sample) => moduleOf(sample)),
  );

  // The mistake and no other: the types are there.
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain('noSuchMethod');
});

it('the README of the SDK names every guide of its own', () => {
  const ofPages = guides.filter((guide) =>
    readFileSync(join(checkout, guide), 'utf8').includes("from '@parley/calling"),
  );

  expect(ofPages.length).toBeGreaterThan(5);
  for (const guide of ofPages) {
    expect(text).toContain(`](../../${guide})`);
  }
});

it.each([
  'first-call',
  'incoming-calls',
  'rooms',
  'screen-share',
  'devices',
  'quality',
  'errors',
  'end-to-end-encryption',
])('there is a guide to %s with a sample, and the README of the SDK names it', (task) => {
  const guide = readFileSync(join(checkout, `docs/guides/${task}.md`), 'utf8');

  expect(guide).toMatch(/```(ts|html)\n/);
  expect(text).toContain(`](../../docs/guides/${task}.md)`);
});

it('the README of the SDK names every end reason, and no other', () => {
  const [, section = ''] = /## How calls end\n([\s\S]*?)\n## /.exec(text) ?? [];
  const named = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );

  expect(named).toHaveLength(endReasonNames.length);
  expect(new Set(named)).toEqual(new Set(endReasonNames));
});
