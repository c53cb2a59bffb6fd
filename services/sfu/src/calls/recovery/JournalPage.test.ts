import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@parley/kit';
import { standardCallSettings } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { JournalPage } from './JournalPage.ts';
import type { KeptCall } from './keptCall.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-page-'));
  path = join(folder, 'call.json');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function createPage(clock: Clock = systemClock): {
  page: JournalPage;
  chat: string[];
  written: () => number;
} {
  const chat: string[] = [];
  let written = 0;
  const page = new JournalPage({
    path,
    clock,
    onError: (error) => chat.push(String(error)),
    describe: () => {
      written += 1;

      return kept(chat);
    },
  });

  return { page, chat, written: () => written };
}

function kept(texts: readonly string[]): KeptCall {
  const participantId = 'p';

  return {
    version: 1,
    id: 'call',
    applicationId: 'app',
    kind: 'group',
    state: 'connected',
    settings: standardCallSettings,
    participants: [],
    waiting: [],
    ringing: [],
    capabilities: {},
    members: {},
    removals: [],
    features: {
      spotlight: [],
      customData: {},
      chat: texts.map((text) => ({
        id: text,
        participantId,
        userId: 'u',
        displayName: 'U',
        text,
        sentAtMs: 0,
      })),
    },
  };
}

const read = () => readFile(path, 'utf8').catch(() => '');

it('is written once for what changes together, and again for what changes later', async () => {
  const { page, chat, written } = createPage();
  for (const text of ['one', 'two', 'three']) {
    chat.push(text);
    page.touch();
  }
  await expect.poll(read).toContain('three');
  expect(written()).toBe(1);
  chat.push('four');
  page.touch();

  await expect.poll(read).toContain('four');
  expect(written()).toBe(2);
  expect(chat).toEqual(['one', 'two', 'three', 'four']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('is what the call was when it was sealed, even while it is written, and nothing after', async () => {
  const { page, chat } = createPage();
  chat.push('before');
  page.touch();
  chat.push('last');
  const sealed = page.seal();
  chat.push('after');
  page.touch();
  await sealed;

  expect(await read()).toContain('last');
  expect(await read()).not.toContain('after');
  expect(await readdir(folder)).toEqual(['call.json']);
});

it('leaves nothing behind when it is removed while it is written', async () => {
  const { page } = createPage();
  page.touch();
  await Promise.all([page.remove(), page.remove()]);
  page.touch();
  await page.remove();

  expect(await readdir(folder)).toEqual([]);
});

it('is written once the disk takes it again, though nothing more changes', async () => {
  const clock = new FakeClock();
  const { page, chat } = createPage(clock);
  // A folder in the way of the file.
  await mkdir(path);
  page.touch();
  await expect.poll(() => chat).toHaveLength(1);
  await expect.poll(() => clock.pending).toBe(1);
  await rm(path, { recursive: true });
  clock.advance(5_000);

  await expect.poll(read).toContain('"call"');
});
