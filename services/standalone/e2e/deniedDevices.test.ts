import { expect, it } from 'vitest';
import { openBrowser, openPage } from './support/browsers.ts';
import { joinAsGuest, screenshot, seesCameraOf, signIn, startCamera, tileOf } from './support/meeting.ts';
import { alice, bob } from './support/people.ts';
import { startTestPlatform } from './support/platform.ts';

it('a person who denies camera and microphone is told so, and joins with eyes and ears alone', async () => {
  await using platform = await startTestPlatform();
  const [denying, granting] = [
    await openBrowser(alice, platform.folder, { grantMedia: false }),
    await openBrowser(bob, platform.folder),
  ];
  await using browsers = new AsyncDisposableStack();
  browsers.defer(async () => {
    await Promise.all([denying.close(), granting.close()]);
  });
  const bobPage = await openPage(granting, platform.demo.room.guestLink);
  await joinAsGuest(bobPage, 'Bob');
  await startCamera(bobPage);

  const alicePage = await openPage(denying, platform.url);
  await signIn(alicePage, alice);
  await alicePage
    .getByText(/is blocked|are blocked/)
    .first()
    .waitFor();
  await screenshot(alicePage, 'devices-denied');
  await alicePage.getByRole('button', { name: 'Join demo room' }).click();

  await seesCameraOf(alicePage, bob);
  const tile = bobPage.locator(`${tileOf('Alice')}[data-muted="true"]`);
  await tile.waitFor();
  expect(await tile.locator('video').count()).toBe(0);
  await screenshot(bobPage, 'without-video');
});
