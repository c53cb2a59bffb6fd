import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './places.ts';
import { runTool } from './runTool.ts';
import { createStamp } from './stamp.ts';
import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';

const outputs = ['packages/calling/dist/parley-calling.js', 'services/web/dist/index.html'];

/** Everything that the browser's bundles are made of. */
const inputs = ['package-lock.json', 'packages/kit', 'packages/protocol', 'packages/calling', 'services/web'];

/** The SDK's bundle and the meeting page. */
export function webBuildStep(): Step {
  const stamp = createStamp('web-build', inputs);

  return {
    name: 'SDK and meeting page',
    isDone: () => missingOutputs().length === 0 && stamp.isFresh(),
    async run({ signal }) {
      const key = stamp.key();
      await runTool({
        name: 'web-build',
        command: join(repositoryRoot, 'node_modules/.bin/turbo'),
        args: ['run', 'build', '--filter=@parley/calling', '--filter=@parley/web', '--ui=stream'],
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
