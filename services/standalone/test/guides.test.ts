import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { checkout, startTestPlatform } from '../e2e/support/platform.ts';
import { operatorKey } from './support/backend.ts';

const run = promisify(execFile);
const curl = join(import.meta.dirname, 'support/curl.mjs');

async function commandsOf(guide: string): Promise<string> {
  const text = await readFile(join(checkout, 'docs/guides', guide), 'utf8');

  return [...text.matchAll(/^```sh\n([^]*?)\n```$/gm)].map(([, block]) => block).join('\n');
}

it('every command of the guides to provisioning and rotation is answered with success', async () => {
  await using platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
  const script = [
    'set -euo pipefail',
    `curl() { node ${curl} "$@"; }`,
    await commandsOf('provisioning.md'),
    await commandsOf('rotation.md'),
    'echo; echo "APP=$APP ROOM=$ROOM LINK=$LINK KEY=${KEY:0:3}"',
  ];

  const { stdout } = await run('bash', ['-c', script.join('\n')], {
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      URL: platform.url,
      PARLEY_OPERATOR_KEY: operatorKey,
    },
  });

  expect(stdout).toMatch(/\nAPP=\S+ ROOM=[0-9a-z-]+ LINK=http\S+\/join#\S+ KEY=sk_\n$/);
}, 120_000);
