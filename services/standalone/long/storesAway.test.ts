import { randomBytes } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { callListSchema } from '@parley/protocol/rest';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createBackend, operatorKey } from '../test/support/backend.ts';
import { openBrowser } from '../e2e/support/browsers.ts';
import { chronicleOf, framesGoOn, longestFreezeOf, watch } from '../e2e/support/chronicle.ts';
import { alice, bob, type Person } from '../e2e/support/people.ts';
import { startTestPlatform } from '../e2e/support/platform.ts';
import { startStores } from '../e2e/support/stores.ts';
import { holdCallAt, openInRoom } from './support/backendsRoom.ts';

const awayMs = 30_000;

it('a call goes on while Redis and PostgreSQL are killed and away for 30 s, and its record has all of it once', async () => {
  await using stack = new AsyncDisposableStack();
  const { redis, database } = await startStores(stack);
  const platform = stack.use(
    await startTestPlatform({
      DATABASE_URL: database.url,
      PARLEY_REDIS_URL: redis.url,
      PARLEY_MASTER_KEY: randomBytes(32).toString('base64url'),
      PARLEY_OPERATOR_KEY: operatorKey,
      PARLEY_NODE_ID: 'node0',
      PARLEY_NODE_URL: 'http://localhost:8080',
      PARLEY_DEMO: 'on',
    }),
  );
  const backend = await createBackend(platform.url, { allowedOrigins: ['http://localhost:*'] });
  for (const name of ['Alice', 'Bob', 'Carol']) {
    await backend.do('POST', '/v1/users', { id: name.toLowerCase(), displayName: name });
  }
  const roster = { alice: 'presenter', bob: 'presenter', carol: 'attendee' };
  const roomId = String((await backend.do('POST', '/v1/rooms', { roster }))['id']);
  const room = { backend, roomId };
  const carol = await holdCallAt(stack, { ...room, url: platform.url });
  const open = async (person: Person, userId: string): Promise<Page> => {
    const browser = stack.adopt(await openBrowser(person, platform.folder), (opened) => opened.close());

    return openInRoom(stack, { ...room, browser, userId });
  };
  const pages = [await open(alice, 'alice'), await open(bob, 'bob')] as const;
  await Promise.all([watch(pages[0], 'Bob'), watch(pages[1], 'Alice')]);
  const callId = await pages[0].evaluate(() => window.application.call.id ?? '');
  const carolsId = await pages[0].evaluate(() => window.application.person('Carol')?.endpointId ?? '');

  await Promise.all([redis.kill(), database.kill()]);
  const back = pass(awayMs);
  expect((await backend.ask('GET', '/v1/calls')).status).toBe(503);
  const survey = { rating: 2, issues: [], comment: 'Nobody would answer.' };
  await carol.request('submitSurvey', { callId, participantId: carolsId, survey });
  await carol.request('leaveCall', { callId });
  await back;
  await Promise.all(pages.map((page) => framesGoOn(page)));
  await Promise.all([redis.start(), database.start()]);

  // Who left is written down, and who is there still is.
  const calls = async () => callListSchema.parse((await backend.ask('GET', '/v1/calls')).body).items;
  await expect
    .poll(async () => (await calls())[0]?.participants.filter(({ leftAt }) => leftAt !== undefined), {
      timeout: 30_000,
    })
    .toMatchObject([{ id: carolsId, userId: 'carol', endReason: 'hangup', survey }]);
  const [record, ...others] = await calls();
  expect(others).toEqual([]);
  expect(record).toMatchObject({ id: callId, state: 'live' });
  expect(record?.participants.map(({ userId }) => userId).toSorted()).toEqual(['alice', 'bob', 'carol']);

  await Promise.all(pages.map((page) => framesGoOn(page)));
  for (const page of pages) {
    expect(await chronicleOf(page)).toEqual({
      states: [],
      others: ['Disconnected'],
      comings: ['Carol went'],
    });
    // Frames come every 67 ms, and the machine that runs all of this may be busy.
    expect(await longestFreezeOf(page)).toBeLessThan(2_000);
  }
}, 180_000);
