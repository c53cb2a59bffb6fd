import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { joinAsGuest, seesCameraOf, startCamera } from './support/meeting.ts';
import { alice, carol } from './support/people.ts';
import { checkout, startTestPlatform } from './support/platform.ts';
import { colourOf, isColourOf } from './support/probes.ts';
import { userToken } from './support/tokens.ts';

async function sampleOfReadme(): Promise<string> {
  const readme = await readFile(join(checkout, 'README.md'), 'utf8');
  const [, sample = ''] = /```js\n([\s\S]*?)\n```/.exec(readme) ?? [];

  return sample;
}

it("the README's sample of 12 lines shows a room's video on a page of another origin", async () => {
  await using platform = await startTestPlatform();
  const sample = await sampleOfReadme();
  expect(sample.split('\n')).toHaveLength(12);
  expect(sample).toContain('http://localhost:8080/sdk/');
  const script = [
    `const token = ${JSON.stringify(await userToken(platform, 'alice'))};`,
    `const roomId = ${JSON.stringify(platform.demo.room.id)};`,
    sample.replace('http://localhost:8080', platform.url),
  ];
  await using foreign = await serveForeignPage(
    `<!doctype html><title>Application</title><script type="module">${script.join('\n')}</script>`,
  );
  await using browsers = new AsyncDisposableStack();
  const [hers, theirs] = await Promise.all(
    [alice, carol].map((person) => openBrowser(person, platform.folder)),
  );
  browsers.defer(async () => {
    await Promise.all([hers?.close(), theirs?.close()]);
  });
  if (hers === undefined || theirs === undefined) {
    throw new Error('A browser is missing.');
  }

  const guest = await openPage(theirs, platform.demo.room.guestLink);
  await joinAsGuest(guest, 'Carol');
  await startCamera(guest);
  const application = await openPage(hers, foreign.url);

  await expect
    .poll(async () => isColourOf(await colourOf(application, 'video'), carol), { timeout: 20_000 })
    .toBe(true);
  await seesCameraOf(guest, alice);
  expect(complaintsOf(application)).toEqual([]);
});
