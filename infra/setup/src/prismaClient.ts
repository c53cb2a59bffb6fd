import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackage, repositoryRoot } from './places.ts';
import { runTool } from './runTool.ts';
import { createStamp } from './stamp.ts';
import type { Step } from './Step.ts';

const generated = join(repositoryRoot, 'packages/db/src/generated/client.ts');

/** The typed database client, generated from prisma/schema.prisma. */
export function prismaClientStep(): Step {
  const stamp = createStamp('prisma-client', [
    'prisma/schema.prisma',
    'prisma.config.ts',
    'node_modules/prisma/package.json',
  ]);

  return {
    name: 'Prisma client',
    isDone: () => existsSync(generated) && stamp.isFresh(),
    async run({ signal }) {
      const key = stamp.key();
      await runTool({
        name: 'prisma-client',
        command: process.execPath,
        args: [join(installedPackage('prisma').directory, 'build/index.js'), 'generate'],
        // Generating asks for the schema engine without using it; any program that exits with 0 keeps it from
        // downloading one from a host that may be out of reach.
        env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
        signal,
      });
      stamp.write(key);

      return 'generated';
    },
  };
}
