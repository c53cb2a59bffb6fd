import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Demo } from '@parley/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDemoFile, writeDemoFile } from './demoFile.ts';

const demo: Demo = {
  url: 'http://localhost:8080',
  applicationId: 'demo',
  publicKey: 'pk_1',
  privateKey: 'key_1',
  secret: 'sk_1',
  users: [{ id: 'alice', email: 'alice@example.org', password: 'secret', displayName: 'Alice' }],
  room: { id: 'room', guestLink: 'http://localhost:8080/join#code' },
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the demo file', () => {
  it('is read as it was written, and readable by its owner alone', async () => {
    const path = join(folder, '.parley', 'demo.json');

    await writeDemoFile(path, demo);

    expect(await readDemoFile(path)).toEqual(demo);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('counts as nothing when it is missing or cut off', async () => {
    await writeFile(join(folder, 'cut.json'), '{"url": "http');

    expect(await readDemoFile(join(folder, 'missing.json'))).toBeUndefined();
    expect(await readDemoFile(join(folder, 'cut.json'))).toBeUndefined();
  });

  it('leaves no secret behind when it cannot be written, and says what to do', async () => {
    const path = join(folder, 'demo.json');
    await mkdir(path);

    await expect(writeDemoFile(path, demo)).rejects.toThrow(
      /demo's secrets cannot be written.*PARLEY_DEMO=off/,
    );
    expect(await readdir(folder)).toEqual(['demo.json']);
  });
});
