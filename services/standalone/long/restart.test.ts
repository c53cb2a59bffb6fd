import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import { freePort } from '@parley/test-kit';
import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createBackend, operatorKey } from '../test/support/backend.ts';
import { mainWorld } from '../test/support/mainProcess.ts';
import { openBrowser } from '../e2e/support/browsers.ts';
import { chronicleOf, framesGoOn, longestFreezeOf, watch } from '../e2e/support/chronicle.ts';
import { alice, bob } from '../e2e/support/people.ts';
import { openInRoom } from './support/backendsRoom.ts';

const world = mainWorld();

it('a platform that is killed and started again has everyone back in the call they were in', async () => {
  await using stack = new AsyncDisposableStack();
  // A database of its own lives on: with the embedded one, most of the time away would be PostgreSQL's recovery.
  const database = await startEmbeddedPostgres({
    binaries: await locatePostgres(),
    dataDir: join(world.folder, 'database'),
  });
  stack.defer(() => database.stop());
  const variables = {
    PORT: String(await freePort()),
    PARLEY_OPERATOR_KEY: operatorKey,
    DATABASE_URL: database.url,
  };
  const first = world.start(variables);
  stack.defer(() => void first.kill('SIGKILL'));
  const url = await world.urlOf(first);
  const backend = await createBackend(url, { allowedOrigins: ['http://localhost:*'] });
  await backend.do('POST', '/v1/users', { id: 'alice', displayName: 'Alice' });
  await backend.do('POST', '/v1/users', { id: 'bob', displayName: 'Bob' });
  const room = await backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter', bob: 'presenter' } });
  const browsers = [await openBrowser(alice, world.folder), await openBrowser(bob, world.folder)] as const;
  browsers.forEach((browser) => stack.defer(() => browser.close()));
  const open = (browser: Browser, userId: string): Promise<Page> =>
    openInRoom(stack, { backend, browser, userId, roomId: String(room['id']) });
  const pages = [await open(browsers[0], 'alice'), await open(browsers[1], 'bob')] as const;
  await Promise.all([watch(pages[0], 'Bob'), watch(pages[1], 'Alice')]);
  const before = await placesOf(pages);

  const killed = performance.now();
  first.kill('SIGKILL');
  await once(first, 'exit');
  const second = world.start(variables);
  stack.defer(async () => {
    second.kill('SIGTERM');
    await once(second, 'exit');
  });
  await world.urlOf(second);
  const up = performance.now();
  const isConnected = (page: Page) =>
    page.waitForFunction(() => window.application.call.state === 'Connected');
  await Promise.all(pages.map((page) => isConnected(page)));
  const backMs = Math.round(performance.now() - up);
  await Promise.all(pages.map((page) => framesGoOn(page)));

  const freezes = await Promise.all(pages.map((page) => longestFreezeOf(page)));
  process.stdout.write(
    `Back in the call ${backMs} ms after the platform is up again, which took ${Math.round(up - killed)} ms; ` +
      `pictures stood still for ${Math.max(...freezes)} ms.\n`,
  );
  expect(backMs).toBeLessThan(5_000);
  expect(await placesOf(pages)).toEqual(before);
  for (const page of pages) {
    expect(await chronicleOf(page)).toMatchObject({ states: ['Reconnecting', 'Connected'], comings: [] });
  }
});

/** The call, and the ids under which each knows the other. */
async function placesOf(pages: readonly Page[]): Promise<unknown[]> {
  return Promise.all(
    pages.map((page) =>
      page.evaluate(() => [
        window.application.call.id,
        ...window.application.call.remoteParticipants.map(({ endpointId }) => endpointId),
      ]),
    ),
  );
}
