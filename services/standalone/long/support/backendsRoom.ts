import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { TestClient } from '../../../sfu/test/support/TestClient.ts';
import { openPage } from '../../e2e/support/browsers.ts';
import { applicationPage } from '../../e2e/support/callPage.ts';
import { serveForeignPage } from '../../e2e/support/foreignPage.ts';
import type { Backend } from '../../test/support/backend.ts';

/** A room of a backend's own application. */
export interface BackendsRoom {
  backend: Backend;
  roomId: string;
}

/** The call of the room is at the process of that URL from here on: Carol is in it, by hand. */
export async function holdCallAt(
  stack: AsyncDisposableStack,
  { backend, roomId, url }: BackendsRoom & { url: string },
): Promise<TestClient> {
  const carol = await TestClient.connect(url, await backend.token('carol'));
  stack.defer(() => void carol.socket.disconnect());
  const media = await carol.offer();
  // A Redis that was started a moment ago gives rooms no home yet.
  await expect
    .poll(() => carol.request('joinRoom', { roomId, media }).then(({ action }) => action), {
      timeout: 30_000,
    })
    .toBe('joined');

  return carol;
}

interface PageInRoom extends BackendsRoom {
  browser: Browser;
  userId: string;
  /** Where the page finds the server, when not where its token says. */
  endpoint?: string;
}

/** A page of the user that is in the room, with its camera. */
export async function openInRoom(
  stack: AsyncDisposableStack,
  { backend, browser, userId, roomId, endpoint }: PageInRoom,
): Promise<Page> {
  const foreign = stack.use(
    await serveForeignPage(
      applicationPage({
        sdkUrl: `${backend.url}/sdk/parley-calling.js`,
        token: await backend.token(userId),
        roomId,
        options: { videoOptions: { camera: true } },
        ...(endpoint === undefined ? {} : { endpoint }),
      }),
    ),
  );
  const page = await openPage(browser, foreign.url);
  await page.waitForFunction(() => window.application?.call.state === 'Connected');

  return page;
}
