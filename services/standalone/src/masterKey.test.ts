import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureMasterKey, parseMasterKey } from './masterKey.ts';

describe('parseMasterKey', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('reads 32 bytes as %s', (encoding) => {
    // Both alphabets of base64 differ in this key.
    const key = Buffer.alloc(32, 0xfb);

    expect(parseMasterKey(key.toString(encoding))).toEqual(new Uint8Array(key));
  });

  it.each([
    '',
    'a password',
    randomBytes(31).toString('hex'),
    randomBytes(33).toString('base64'),
    `${randomBytes(32).toString('base64url')}!`,
  ])('takes nothing else, such as %j', (text) => {
    expect(parseMasterKey(text)).toBeUndefined();
  });
});

describe('ensureMasterKey', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-key-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes a key once, for its owner alone, and keeps it', async () => {
    const state = join(folder, 'state');

    const key = await ensureMasterKey(state);

    expect(key).toHaveLength(32);
    expect((await stat(join(state, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await ensureMasterKey(state)).toEqual(key);
  });

  it('replaces no key that it cannot read, and says what to do', async () => {
    await writeFile(join(folder, 'master.key'), 'half a k');

    await expect(ensureMasterKey(folder)).rejects.toThrow(
      /master\.key holds no master key: put the one back/,
    );
  });

  it('says what to do when it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');

    await expect(ensureMasterKey(join(folder, 'file'))).rejects.toThrow(/master key.*ENOTDIR/);
  });
});
