import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

const blocksOf = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``, 'g'))].map(([, block = '']) => block);

/** What is typed into a shell to install the package: build, pack, install. */
export const [installCommands = ''] = blocksOf('sh');

/** The meeting, a module, and the lines of a component after it. */
export const [meeting = '', linesOfComponent = ''] = blocksOf('tsx');
