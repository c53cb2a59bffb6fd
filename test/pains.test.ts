import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const checkout = join(import.meta.dirname, '..');
const text = readFileSync(join(checkout, 'docs/pains.md'), 'utf8');

interface Pain {
  number: number;
  prose: string;
  tests: readonly { path: string; title: string }[];
}

const pains: Pain[] = text
  .split(/^## (?=\d+\. )/m)
  .slice(1)
  .map((section) => ({
    number: Number.parseInt(section, 10),
    prose: section.replaceAll(/^- .*$/gm, ''),
    tests: [...section.matchAll(/^- `([^`]+)`: (.+)$/gm)].map(([, path = '', title = '']) => ({
      path,
      title,
    })),
  }));

/** The titles of one file, as they are written there. */
function titlesIn(path: string): string[] {
  const file = join(checkout, path);
  const code = existsSync(file) ? readFileSync(file, 'utf8') : '';

  return [...code.matchAll(/(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")\s*,\s*(?:\{|async|\()/g)].map(
    ([, single, double]) => (single ?? double ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}

it('docs/pains.md has all thirty of them, in their order', () => {
  expect(pains.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

it.each(pains)('pain $number is shown gone by tests there are, or said to be left', ({ prose, tests }) => {
  for (const { path, title } of tests) {
    expect(titlesIn(path)).toContain(title);
  }
  expect(tests.length > 0 || /Left\s+for\s+later:|It\s+cannot\s+happen:/.test(prose)).toBe(true);
});
