import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackage, repositoryRoot } from './places.ts';
import { runTool } from './runTool.ts';
import { createStamp } from './stamp.ts';
import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';

const packages = ['@parley/calling', '@parley/management', '@parley/reference', '@parley/web'];

const outputs = [
  'packages/calling/dist/parley-calling.js',
  'packages/calling/dist/parley-calling.iife.js',
  'packages/management/dist/index.js',
  'packages/reference/dist/index.html',
  'services/web/dist/index.html',
];

/** Everything that these are made of. */
const inputs = [
  'package-lock.json',
  'packages/config',
  'packages/kit',
  'packages/protocol',
  'packages/calling',
  'packages/management',
  'packages/reference',
  'services/web',
  // The guides are pages of the SDK's reference.
  'docs',
  'packages/react/README.md',
];

/** The SDK's bundle and reference, the meeting page, and the management client, which is no use to whoever imports it unbuilt. */
export function webBuildStep(): Step {
  const stamp = createStamp('web-build', inputs);

  return {
    name: 'SDK, meeting page and management client',
    isDone: () => missingOutputs().length === 0 && stamp.isFresh(),
    async run({ signal }) {
      const turbo = join(installedPackage('turbo').directory, 'bin/turbo');
      const key = stamp.key();
      await runTool({
        name: 'web-build',
        command: turbo,
        args: ['run', 'build', ...packages.map((name) => `--filter=${name}`), '--ui=stream'],
        env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
        signal,
      });
      if (missingOutputs().length > 0) {
        throw new SetupError(`The build did not make ${missingOutputs().join(' and ')}.`);
      }
      stamp.write(key);

      return 'built';
    },
  };
}

function missingOutputs(): string[] {
  return outputs.filter((output) => !existsSync(join(repositoryRoot, output)));
}
