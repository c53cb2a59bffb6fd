import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Demo } from '@parley/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEnvironment } from './environment.ts';
import { prepareDemo, wantsDemo } from './prepareDemo.ts';

const demo: Demo = {
  url: 'http://localhost:8080',
  applicationId: 'demo',
  publicKey: 'pk_1',
  privateKey: 'key_1',
  secret: 'sk_1',
  users: [],
  room: { id: 'room', guestLink: 'http://localhost:8080/join#code' },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const prepare = (operatorKey?: string) =>
  prepareDemo({ ensure: async () => demo, folders: [folder], operatorKey });
const fileContent = async (): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'));

describe('prepareDemo', () => {
  it('makes an operator key once, and keeps it in the file', async () => {
    const { operatorKey } = await prepare();

    expect(operatorKey.length).toBeGreaterThan(32);
    expect(await fileContent()).toEqual({ ...demo, operatorKey });
    expect((await prepare()).operatorKey).toBe(operatorKey);
  });

  it('writes no key of the environment to the file', async () => {
    const own = 'the-operators-own-key-of-32-and-more';

    expect((await prepare(own)).operatorKey).toBe(own);
    expect(await fileContent()).toEqual(demo);
  });
});

describe('wantsDemo', () => {
  const local = 'http://localhost:8080';
  const elsewhere = 'https://calls.example';
  const DATABASE_URL = 'postgresql://parley@db.example/parley';

  it.each([
    ['on a loopback name', {}, local, true],
    ['under a public name', {}, elsewhere, false],
    ['on a database of the operator', { DATABASE_URL }, local, false],
    ['when asked for under a public name', { PARLEY_DEMO: 'on' }, elsewhere, true],
    ['when refused', { PARLEY_DEMO: 'off' }, local, false],
    [
      'in production',
      {
        NODE_ENV: 'production',
        DATABASE_URL,
        PARLEY_MASTER_KEY: 'A'.repeat(43),
        PARLEY_PUBLIC_URL: local,
      },
      local,
      false,
    ],
  ])('%s', (_case, variables, publicUrl, isWanted) => {
    expect(wantsDemo(parseEnvironment(variables), publicUrl)).toBe(isWanted);
  });
});
