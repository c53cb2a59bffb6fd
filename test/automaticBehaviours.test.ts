import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allAutomatic } from '../packages/calling/src/automatic.ts';

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

const text = textOf('docs/automatic-behaviours.md');

/** The options that the tables under one heading have a row for. */
function optionsUnder(heading: string): string[] {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');

  return [...own.matchAll(/^\| `(\w+)`/gm)].map(([, option = '']) => option);
}

const ofClient = optionsUnder('Of a client');
const ofCall = optionsUnder('Of a client or of one call');
const ofMethod = optionsUnder('Of one method');

it('docs/automatic-behaviours.md has a row for each automatic behaviour, and for no other', () => {
  expect([...ofClient, ...ofCall].toSorted()).toEqual(Object.keys(allAutomatic).toSorted());
});

it('docs/automatic-behaviours.md says of each whether one call can be told otherwise', () => {
  const types = textOf('packages/calling/src/automaticTypes.ts');
  const [callTypes = '', clientTypes = ''] = types.split('export interface AutomaticBehaviours');
  const optionsOf = (part: string): string[] =>
    [...part.matchAll(/readonly (\w+)\?: boolean/g)].map(([, option = '']) => option);

  expect(ofCall.toSorted()).toEqual(optionsOf(callTypes).toSorted());
  expect(ofClient.toSorted()).toEqual(optionsOf(clientTypes).toSorted());
});

it('each row of docs/automatic-behaviours.md is shown by a test', () => {
  const tests = ['automaticBehaviours', 'automaticMethods']
    .map((name) => textOf(`packages/calling/src/${name}.test.ts`))
    .join('');
  const shown = [...tests.matchAll(/\bit\(\s*['"](\w+): /g)].map(([, option = '']) => option);

  expect(ofMethod.length).toBeGreaterThan(0);
  expect(shown.toSorted()).toEqual([...ofClient, ...ofCall, ...ofMethod].toSorted());
});
