import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import { expect, it } from 'vitest';
import { openBrowser, openPage } from '../e2e/support/browsers.ts';
import { joinAsGuest, seesCameraOf, signIn, startCamera } from '../e2e/support/meeting.ts';
import { alice, carol } from '../e2e/support/people.ts';
import { startTestPlatform } from '../e2e/support/platform.ts';

it('somebody who is signed in joins a known room with the SDK while PostgreSQL is stopped', async () => {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({
    binaries: await locatePostgres(),
    dataDir: join(folder, 'data'),
  });
  undo.defer(() => postgres.stop());
  const platform = undo.use(await startTestPlatform({ DATABASE_URL: postgres.url, PARLEY_DEMO: 'on' }));
  const [hers, theirs] = [
    await openBrowser(alice, platform.folder),
    await openBrowser(carol, platform.folder),
  ];
  undo.defer(async () => {
    await Promise.all([hers.close(), theirs.close()]);
  });
  const here = await openPage(hers, platform.url);
  await signIn(here, alice);
  const there = await openPage(theirs, platform.demo.room.guestLink);
  await joinAsGuest(there, 'Carol');
  await startCamera(there);

  await postgres.stop();
  expect((await fetch(`${platform.url}/readyz/api`)).status).toBe(503);
  await here.getByRole('button', { name: 'Join demo room' }).click();
  await startCamera(here);

  await seesCameraOf(here, carol);
  await seesCameraOf(there, alice);
});
