import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The types of a built package, each file by its name. */
export async function typesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.d.ts')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));

  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}

/**
 * The report of what applications can see of the SDK, made of its rolled-up types: what they say about it is left
 * out, so that a sentence put better is no change of the surface.
 */
export function apiText(types: Readonly<Record<string, string>>): string {
  const { 'index.d.ts': core = '', 'shared.d.ts': shared = '', ...others } = types;

  return [
    '# The surface of @parley/calling',
    '',
    'Written by `npm run api --workspace=@parley/calling`; a test compares. What each member means is said in the reference,',
    'which a running server shows at `/docs/sdk/`.',
    '',
    // What the entries share has only aliases for export, which they resolve.
    ...block([
      ...declarationsOf(shared).filter((line) => !line.startsWith('export {')),
      ...declarationsOf(core),
    ]),
    ...Object.entries(others).flatMap(([name, text]) => [
      `## @parley/calling/${name.replace('.d.ts', '')}`,
      '',
      ...block(declarationsOf(text)),
    ]),
  ].join('\n');
}

const block = (lines: readonly string[]): readonly string[] => ['```ts', ...lines, '```', ''];

function declarationsOf(text: string): readonly string[] {
  return text
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line) && !/^import .* from "\.\//.test(line))
    .map((line) => line.trimEnd());
}
