import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { buildMeeting } from '../../../packages/react/test/support/buildMeeting.ts';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice, carol, type Person } from './support/people.ts';
import { startTestPlatform } from './support/platform.ts';
import { colourOf, isColourOf } from './support/probes.ts';
import { guestToken, userToken } from './support/tokens.ts';

const shows = (page: Page, selector: string, person: Person) =>
  expect.poll(async () => isColourOf(await colourOf(page, selector), person), { timeout: 20_000 }).toBe(true);

it('two people see each other in the meeting of the React README, each with one client under StrictMode', async () => {
  await using platform = await startTestPlatform();
  await using opened = new AsyncDisposableStack();
  const script = await buildMeeting();
  const tokensAsked: Person[] = [];
  const enter = async (person: Person, token: string): Promise<Page> => {
    const foreign = await serveForeignPage(
      `<!doctype html><title>Application</title><div id="root"></div>
      <script>const roomId = ${JSON.stringify(platform.demo.room.id)};</script>
      <script type="module" src="/main.js"></script>`,
      {
        '/main.js': () => script,
        '/parley-token': () => {
          tokensAsked.push(person);

          return token;
        },
      },
    );
    opened.use(foreign);
    const browser = await openBrowser(person, platform.folder);
    opened.defer(() => browser.close());
    const page = await openPage(browser, foreign.url);
    await page.getByRole('button', { name: 'Join' }).click();

    return page;
  };

  const hers = await enter(alice, await userToken(platform, 'alice'));
  const theirs = await enter(carol, await guestToken(platform, 'Carol'));

  await shows(hers, 'figure video', carol);
  await shows(theirs, 'figure video', alice);
  await shows(hers, '.own video', alice);
  await theirs.getByRole('button', { name: 'Mute' }).click();
  await hers.getByText('Carol (muted)').waitFor();
  await theirs.getByRole('button', { name: 'Leave' }).click();
  await theirs.getByRole('button', { name: 'Join' }).waitFor();
  await hers.locator('figure').waitFor({ state: 'detached' });
  expect(await theirs.locator('video').count()).toBe(0);
  expect(tokensAsked).toEqual([alice, carol]);
  expect([...complaintsOf(hers), ...complaintsOf(theirs)]).toEqual([]);
});
