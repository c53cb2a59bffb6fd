import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notificationTable, protocolVersion, requestNames } from '@parley/protocol';
import { describe, expect, it } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '../packages/protocol/PROTOCOL.md'), 'utf8');

describe('PROTOCOL.md', () => {
  it.each([...requestNames, ...Object.keys(notificationTable)])('explains %s', (name) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${name}\`.*\\|`, 'm'));
  });

  it('has the present version in its history', () => {
    expect(text).toMatch(new RegExp(`^\\| ${protocolVersion.replace('.', '\\.')} `, 'm'));
  });
});
