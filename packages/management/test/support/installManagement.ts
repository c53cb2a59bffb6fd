import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const checkout = resolve(import.meta.dirname, '../../../..');
const run = promisify(execFile);

/**
 * Packs and installs the package in the folder by the commands of its README, without a network, and nothing else;
 * answers where its modules are.
 */
export async function installManagement(folder: string): Promise<string> {
  const [pack = '', install = ''] = await installCommands();
  const copy = await copyOfCheckout();
  try {
    await npm(pack, copy);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await npm(install.replace('install ', `install ${copy}/`), folder);
  } finally {
    await rm(copy, { recursive: true });
  }

  return join(folder, 'node_modules/@parley/management/dist');
}

async function installCommands(): Promise<readonly string[]> {
  const readme = await readFile(join(checkout, 'packages/management/README.md'), 'utf8');
  const [, commands = ''] = /## Install[^]*?```sh\n([^]*?)\n```/.exec(readme) ?? [];

  return commands.split('\n');
}

/** Never built, and with the settings of npm in it; so that two tests that pack never write to the same files. */
async function copyOfCheckout(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'parley-pack-'));
  const source = join(checkout, 'packages/management');
  await mkdir(join(copy, 'packages'));
  await cp(source, join(copy, 'packages/management'), {
    recursive: true,
    filter: (path) => path !== join(source, 'dist') && path !== join(source, 'node_modules'),
  });
  await cp(join(checkout, 'package.json'), join(copy, 'package.json'));
  await cp(join(checkout, '.npmrc'), join(copy, '.npmrc'));
  await symlink(join(checkout, 'node_modules'), join(copy, 'node_modules'));

  return copy;
}

/** As typed into a shell of its own: what an npm around the tests has set is of the checkout. */
async function npm(command: string, cwd: string): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE$|INIT_CWD$)/i.test(name));
  await run('sh', ['-c', command], { cwd, env: { ...Object.fromEntries(own), npm_config_offline: 'true' } });
}
