import { randomBytes } from 'node:crypto';
import type { Call, CallClient } from '@parley/calling';
import { freePort, Relay } from '@parley/test-kit';
import type { Browser } from 'playwright-core';
import { expect, it } from 'vitest';
import { TestClient } from '../../sfu/test/support/TestClient.ts';
import { createBackend, operatorKey, type Backend } from '../test/support/backend.ts';
import { mainWorld, stopMain } from '../test/support/mainProcess.ts';
import { openBrowser, openPage } from '../e2e/support/browsers.ts';
import { chronicleOf, framesGoOn, watch } from '../e2e/support/chronicle.ts';
import { serveForeignPage } from '../e2e/support/foreignPage.ts';
import { alice, bob, type Person } from '../e2e/support/people.ts';
import { startStores } from '../e2e/support/stores.ts';
import { holdCallAt, openInRoom } from './support/backendsRoom.ts';

declare global {
  interface Window {
    /** What the page that answers leaves for the test. */
    answering?: { readonly client: CallClient; readonly call?: Call; readonly ends: readonly string[] };
  }
}

const world = mainWorld();

it(
  'pages that come to the wrong process enter the call where it is, and resume it there',
  { timeout: 60_000 },
  async () => {
    await using stack = new AsyncDisposableStack();
    const { urls, backend } = await startTwo(stack);
    const room = await backend.do('POST', '/v1/rooms', {
      roster: { alice: 'presenter', bob: 'presenter', carol: 'presenter' },
    });
    const roomId = String(room['id']);
    await holdCallAt(stack, { backend, url: urls[1], roomId });
    const relay = await Relay.to(urls[1]);
    stack.defer(() => relay.cut());
    const pages = {
      alice: await openInRoom(stack, {
        backend,
        roomId,
        browser: await browserOf(stack, alice),
        userId: 'alice',
        endpoint: relay.url,
      }),
      bob: await openInRoom(stack, {
        backend,
        roomId,
        browser: await browserOf(stack, bob),
        userId: 'bob',
        endpoint: urls[0],
      }),
    };
    await Promise.all([watch(pages.alice, 'Bob'), watch(pages.bob, 'Alice')]);
    const redirected: string[] = [];
    pages.alice.on('websocket', (socket) => redirected.push(new URL(socket.url()).port));

    // Alice comes back by way of a balancer that knows nothing of calls.
    await relay.cut();
    await pages.alice.waitForFunction(() => window.application.call.state === 'Reconnecting');
    await relay.join(urls[0]);
    await pages.alice.waitForFunction(() => window.application.call.state === 'Connected');
    await Promise.all([framesGoOn(pages.alice), framesGoOn(pages.bob)]);

    expect(redirected.at(-1)).toBe(new URL(urls[1]).port);
    expect(redirected).toContain(new URL(relay.url).port);
    expect(await chronicleOf(pages.alice)).toMatchObject({
      states: ['Reconnecting', 'Connected'],
      comings: [],
    });
    expect(await chronicleOf(pages.bob)).toMatchObject({ states: [], comings: [] });
  },
);

it(
  'a callee rings on devices at both processes, and one that answers at the other one is led to the call',
  { timeout: 60_000 },
  async () => {
    await using stack = new AsyncDisposableStack();
    const { urls, backend } = await startTwo(stack);
    const connect = async (userId: string, url: string): Promise<TestClient> => {
      const client = await TestClient.connect(url, await backend.token(userId));
      stack.defer(() => void client.socket.disconnect());
      await client.welcome();

      return client;
    };
    const caller = await connect('alice', urls[0]);
    const laptop = await connect('bob', urls[0]);
    const tablet = await connect('bob', urls[1]);
    const browser = await browserOf(stack, bob);
    const foreign = stack.use(await serveForeignPage(answeringPage(urls, await backend.token('bob'))));
    const page = await openPage(browser, foreign.url);
    await page.waitForFunction(() => window.answering?.client.connectionState === 'Connected');

    const media = await caller.offer();
    const { call } = await caller.enter('startCall', { callees: ['bob'], media });
    await Promise.all([laptop.next('incomingCall'), tablet.next('incomingCall')]);
    await page.waitForFunction(() => window.answering?.call?.state === 'Connected');

    expect(await page.evaluate(() => window.answering?.call?.id)).toBe(call.id);
    expect(await page.evaluate(() => window.answering?.ends)).toEqual([]);
    const ended = await Promise.all([laptop.next('incomingCallEnded'), tablet.next('incomingCallEnded')]);
    expect(ended).toMatchObject([{ reason: 'answered_elsewhere' }, { reason: 'answered_elsewhere' }]);
    // Heard over the process that holds the call.
    await caller.request('endCall', { callId: call.id });
    await page.waitForFunction(() => window.answering?.call?.state === 'Disconnected');
  },
);

/** Accepts whatever rings; connected to the second of the processes. */
const answeringPage = (urls: readonly [string, string], token: string): string => `<!doctype html>
<title>Application</title>
<script type="module">
  import { CallClientFactory } from '${urls[0]}/sdk/parley-calling.js';
  const client = await CallClientFactory.create('${token}', { endpoint: '${urls[1]}' });
  window.answering = { client, ends: [] };
  client.on('incomingCall', async (incoming) => {
    incoming.on('callEnded', ({ callEndReason }) => window.answering.ends.push(callEndReason.name));
    window.answering.call = await incoming.accept();
  });
</script>`;

/** Two processes of one platform, each of which knows Alice, Bob and Carol. */
async function startTwo(
  stack: AsyncDisposableStack,
): Promise<{ urls: readonly [string, string]; backend: Backend }> {
  const { redis, database } = await startStores(stack);
  const ports = [await freePort(), await freePort()] as const;
  const urls = [`http://localhost:${ports[0]}`, `http://localhost:${ports[1]}`] as const;
  const shared = {
    DATABASE_URL: database.url,
    PARLEY_REDIS_URL: redis.url,
    PARLEY_MASTER_KEY: randomBytes(32).toString('base64url'),
    PARLEY_OPERATOR_KEY: operatorKey,
    PARLEY_PUBLIC_URL: urls[0],
  };
  const processes = ([0, 1] as const).map((index) =>
    world.start({
      ...shared,
      PORT: String(ports[index]),
      PARLEY_NODE_ID: `node${index}`,
      PARLEY_NODE_URL: urls[index],
    }),
  );
  for (const child of processes) {
    stack.defer(() => stopMain(child));
  }
  await Promise.all(processes.map((child) => world.urlOf(child)));
  const backend = await createBackend(urls[0], { allowedOrigins: ['http://localhost:*'] });
  for (const [id, displayName] of [
    ['alice', 'Alice'],
    ['bob', 'Bob'],
    ['carol', 'Carol'],
  ]) {
    await backend.do('POST', '/v1/users', { id, displayName });
  }

  return { urls, backend };
}

async function browserOf(stack: AsyncDisposableStack, person: Person): Promise<Browser> {
  return stack.adopt(await openBrowser(person, world.folder), (browser) => browser.close());
}
