import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const checkout = resolve(import.meta.dirname, '../../../..');
const run = promisify(execFile);

/** What the compiler and the bundler read; the packages in `node_modules` lead back to the checkout. */
const ownSources = ['calling', 'kit', 'protocol', 'config'];

export interface InstalledCalling {
  /** Where the package's files are. */
  readonly folder: string;
  /** What was packed. */
  readonly tarball: string;
}

/**
 * Packs and installs the package in the folder by the commands of its README, without a network. Its dependencies
 * are those of the checkout, each as the folder's own, and only those that the package names.
 * @param change What is done before to the copy of the checkout that is built.
 */
export async function installCalling(
  folder: string,
  change?: (copy: string) => Promise<void>,
): Promise<InstalledCalling> {
  const [build = '', pack = '', install = ''] = await installCommands();
  const copy = await copyOfCheckout();
  try {
    await change?.(copy);
    await npm(build, copy);
    await npm(pack, copy);
    const { dependencies } = await manifestOf(join(copy, 'packages/calling/dist'));
    const links = Object.keys(dependencies).map((name) => [
      name,
      `file:${join(checkout, 'node_modules', name)}`,
    ]);
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ type: 'module', dependencies: Object.fromEntries(links) }),
    );
    const [name = ''] = /\S+\.tgz/.exec(install) ?? [];
    const tarball = join(folder, name);
    await cp(join(copy, name), tarball);
    await npm(install, folder);

    return { folder: join(folder, 'node_modules/@parley/calling'), tarball };
  } finally {
    await rm(copy, { recursive: true });
  }
}

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

export async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

async function installCommands(): Promise<readonly string[]> {
  const readme = await readFile(join(checkout, 'packages/calling/README.md'), 'utf8');
  const [, commands = ''] = /```sh\n([^]*?)\n```/.exec(readme) ?? [];

  return commands.split('\n');
}

/**
 * Never built, and with the settings of npm in it; so that a test never writes where the platform serves from.
 *
 * @param sources The folders of the packages that are built there.
 */
export async function copyOfCheckout(sources: readonly string[] = ownSources): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'parley-pack-'));
  await mkdir(join(copy, 'packages'));
  for (const name of sources) {
    const source = join(checkout, 'packages', name);
    const left = ['dist', 'node_modules'].map((part) => join(source, part));
    await cp(source, join(copy, 'packages', name), {
      recursive: true,
      filter: (path) => !left.includes(path),
    });
  }
  await Promise.all(['package.json', '.npmrc'].map((name) => cp(join(checkout, name), join(copy, name))));
  for (const modules of ['node_modules', ...sources.map((name) => `packages/${name}/node_modules`)]) {
    if (existsSync(join(checkout, modules))) {
      await symlink(join(checkout, modules), join(copy, modules));
    }
  }

  return copy;
}

/**
 * As typed into a shell of its own: what an npm around the tests has set is of the checkout, and bundlers take another
 * `NODE_ENV` for a build that is not for users.
 */
export const ownEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_.*|NODE|NODE_ENV|VITE.*|INIT_CWD)$/i.test(name)),
);

/** Runs one line of a README, without a network. */
export async function npm(command: string, cwd: string): Promise<void> {
  await run('sh', ['-c', command], { cwd, env: { ...ownEnvironment, npm_config_offline: 'true' } });
}

/** What a tool of the checkout that may fail says in that folder. */
export function outputOf(cwd: string, tool: string, ...args: readonly string[]): Promise<string> {
  return run(join(checkout, 'node_modules/.bin', tool), args, { cwd }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
}
