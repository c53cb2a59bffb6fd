import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endReasonNames } from '@parley/protocol';
import { expect, it } from 'vitest';

const checkout = join(import.meta.dirname, '..');
const sdk = join(checkout, 'packages/calling');
const text = readFileSync(join(sdk, 'README.md'), 'utf8');
const guide = readFileSync(join(checkout, 'docs/guides/end-to-end-encryption.md'), 'utf8');
const samples = [...(text + guide).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, sample = '']) => sample);

/** What the samples after the first have from those before. */
const globals = `import type { Call, CallClient } from '@parley/calling';
declare global {
  const client: CallClient;
  const call: Call;
  const roomId: string;
  const callId: string;
}`;

/** Brings what a page has imported already. */
const moduleOf = (sample: string): string =>
  sample.startsWith('import ')
    ? sample
    : `import { CallError, MediaDeviceError, utils, type RemoteParticipant, type RemoteVideoStream } from '@parley/calling';\n${sample}`;

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

it('every sample in the README of the SDK compiles', async () => {
  expect(samples.length).toBeGreaterThan(8);
  const mistake = 'call.noSuchMethod();';
  const complaints = await complaintsOf([mistake, ...samples].map((sample) => moduleOf(sample)));

  // The mistake and no other: the types are there.
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain('noSuchMethod');
});

it('the README of the SDK names every end reason, and no other', () => {
  const [, section = ''] = /## How calls end\n([\s\S]*?)\n## /.exec(text) ?? [];
  const named = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );

  expect(named).toHaveLength(endReasonNames.length);
  expect(new Set(named)).toEqual(new Set(endReasonNames));
});
