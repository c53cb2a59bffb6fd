import type { Browser, Page } from 'playwright-core';

export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Everything that the browser asked anybody for. */
  readonly asked: readonly string[];
  /** Everything that the policy or the scripts of the page complained of. */
  readonly complaints: readonly string[];
}

/** An empty page in a context of its own. */
export async function openWatchedPage(browser: Browser): Promise<WatchedPage> {
  const asked: string[] = [];
  const complaints: string[] = [];
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  context.on('request', (request) => asked.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error') {
      complaints.push(message.text());
    }
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  const page = await context.newPage();
  page.on('websocket', (socket) => asked.push(socket.url()));

  return { page, asked, complaints, [Symbol.asyncDispose]: () => context.close() };
}
