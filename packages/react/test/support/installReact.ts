import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { manifestOf, ownEnvironment } from '../../../calling/test/support/installCalling.ts';
import { installCommands } from './readme.ts';

const checkout = resolve(import.meta.dirname, '../../../..');
const run = promisify(execFile);

/** What the compiler and the bundler read; the packages in `node_modules` lead back to the checkout. */
const sources = ['calling', 'kit', 'protocol', 'config', 'react'];

/** What an application with React has besides. */
const react = ['react', 'react-dom', '@types/react', '@types/react-dom', 'csstype'];

export interface InstalledReact {
  /** Where the package's files are. */
  readonly folder: string;
  /** What was packed. */
  readonly tarball: string;
}

/** Packs the package and the SDK and installs them in the folder, by the commands of the README and without a network. */
export async function installReact(folder: string): Promise<InstalledReact> {
  const [build = '', pack = '', install = ''] = installCommands.split('\n');
  const copy = await copyOfCheckout();
  try {
    await npm(build, copy);
    await npm(pack, copy);
    const { dependencies } = await manifestOf(join(copy, 'packages/calling/dist'));
    const links = [...Object.keys(dependencies), ...react].map((name) => [
      name,
      `file:${join(checkout, 'node_modules', name)}`,
    ]);
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ type: 'module', dependencies: Object.fromEntries(links) }),
    );
    const tarballs = install.match(/[\w.-]+\.tgz/g) ?? [];
    await Promise.all(tarballs.map((name) => cp(join(copy, name), join(folder, name))));
    await npm(install, folder);

    return {
      folder: join(folder, 'node_modules/@parley/react'),
      tarball: join(folder, tarballs.find((name) => name.includes('react')) ?? ''),
    };
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** Never built, and with the settings of npm in it; so that a test never writes where somebody else reads. */
async function copyOfCheckout(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'parley-pack-'));
  await mkdir(join(copy, 'packages'));
  for (const name of sources) {
    const source = join(checkout, 'packages', name);
    const left = ['dist', 'node_modules'].map((part) => join(source, part));
    await cp(source, join(copy, 'packages', name), {
      recursive: true,
      filter: (path) => !left.includes(path),
    });
    const modules = join(source, 'node_modules');
    if (existsSync(modules)) {
      await symlink(modules, join(copy, 'packages', name, 'node_modules'));
    }
  }
  await Promise.all(['package.json', '.npmrc'].map((name) => cp(join(checkout, name), join(copy, name))));
  await symlink(join(checkout, 'node_modules'), join(copy, 'node_modules'));

  return copy;
}

async function npm(command: string, cwd: string): Promise<void> {
  await run('sh', ['-c', command], { cwd, env: { ...ownEnvironment, npm_config_offline: 'true' } });
}
