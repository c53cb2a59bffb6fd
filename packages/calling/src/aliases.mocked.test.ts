import { describe, expect, it } from 'vitest';
import aliases from '../../../docs/aliases.md?raw';
import { callNames } from './testing/aliases/callNames.ts';
import { clientNames } from './testing/aliases/clientNames.ts';
import { devicesNames } from './testing/aliases/devicesNames.ts';
import { streamsNames } from './testing/aliases/streamsNames.ts';

const tests = { ...clientNames, ...callNames, ...streamsNames, ...devicesNames };

/** The table of docs/aliases.md: what a row is about, and the names in each of its columns. */
const rows = aliases
  .slice(0, aliases.indexOf('\n## '))
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, what = '', seed = '', released = '']) => ({
    what,
    seed: namesIn(seed),
    released: namesIn(released),
  }));

/** The last words of what is written as code: `stream.render` is named `render`. */
function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`/]+)`/g)].map(([, name = '']) => name.split(/[ .]/).at(-1) ?? '');
}

describe('docs/aliases.md', () => {
  it('has the rows that are tested, and no other', () => {
    expect(rows.map(({ what }) => what)).toEqual(Object.keys(tests));
  });
});

describe.each(rows)('the row "$what" of docs/aliases.md', ({ what, seed, released }) => {
  const sides = [
    { side: 'seed', names: seed, use: tests[what]?.seed },
    { side: 'released', names: released, use: tests[what]?.released },
  ];

  it.each(sides.filter(({ names, use }) => names.length > 0 || use !== undefined))(
    'has $side names that do what they say',
    async ({ names, use }) => {
      expect(names).not.toEqual([]);
      for (const name of names) {
        expect(String(use)).toMatch(new RegExp(`\\b${name}\\b`));
      }
      await use?.();
    },
  );
});
