import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice } from './support/people.ts';
import { checkout, startTestPlatform } from './support/platform.ts';
import { userToken } from './support/tokens.ts';

async function sampleOfReadme(): Promise<string> {
  const readme = await readFile(join(checkout, 'packages/calling/README.md'), 'utf8');
  const [, sample = ''] = /```html\n(<script src=[^]*?)\n```/.exec(readme) ?? [];

  return sample;
}

it("the SDK README's script tags, without a module, enter a room from a page of another origin", async () => {
  await using platform = await startTestPlatform();
  const sample = await sampleOfReadme();
  expect(sample).toContain('https://calls.example.com/sdk/');
  expect(sample).not.toContain('type="module"');
  await using foreign = await serveForeignPage(`<!doctype html><title>Application</title>
    <script>
      const token = ${JSON.stringify(await userToken(platform, 'alice'))};
      const roomId = ${JSON.stringify(platform.demo.room.id)};
    </script>
    ${sample.replace('https://calls.example.com', platform.url)}`);
  await using browsers = new AsyncDisposableStack();
  const browser = await openBrowser(alice, platform.folder);
  browsers.defer(() => browser.close());

  const application = await openPage(browser, foreign.url);

  await expect.poll(() => application.title(), { timeout: 20_000 }).toBe('Connected');
  expect(complaintsOf(application)).toEqual([]);
});
