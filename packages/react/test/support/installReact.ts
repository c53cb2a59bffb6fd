import { cp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copyOfCheckout, manifestOf, npm } from '../../../calling/test/support/installCalling.ts';
import { installCommands } from './readme.ts';

const checkout = resolve(import.meta.dirname, '../../../..');

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
  const copy = await copyOfCheckout(sources);
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
