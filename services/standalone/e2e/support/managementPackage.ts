import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from './platform.ts';

const packageFolder = join(checkout, 'packages/management');

/** Builds @parley/management and installs it, and nothing else, in the folder; answers where its modules are. */
export async function installManagement(folder: string): Promise<string> {
  const installed = join(folder, 'node_modules/@parley/management');
  const modules = join(installed, 'dist');
  await mkdir(installed, { recursive: true });
  await cp(join(packageFolder, 'package.json'), join(installed, 'package.json'));
  await promisify(execFile)(
    join(checkout, 'node_modules/.bin/tsc'),
    ['-p', 'tsconfig.build.json', '--outDir', modules],
    { cwd: packageFolder },
  );
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');

  return modules;
}
