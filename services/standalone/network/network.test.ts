import { percentiles } from '@parley/test-kit/bench';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chronicleOf, framesGoOn, longestFreezeOf } from '../e2e/support/chronicle.ts';
import { createNetworkWorld, type NetworkWorld } from './support/world.ts';

let world: NetworkWorld;

beforeAll(async () => {
  world = await createNetworkWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

/** How long the pictures of both stood still over what `happen` does, milliseconds. */
async function freezesOver(
  pages: { alice: Page; bob: Page },
  happen: () => Promise<void>,
): Promise<number[]> {
  const both = [pages.alice, pages.bob];
  await Promise.all(both.map((page) => page.evaluate(() => window.chronicle.frames.splice(0))));
  await Promise.all(both.map((page) => framesGoOn(page)));
  await happen();
  await Promise.all(both.map((page) => framesGoOn(page)));

  return Promise.all(both.map((page) => longestFreezeOf(page)));
}

/** Who has come or gone in the eyes of either, once both are well again. */
async function comingsOf(pages: { alice: Page; bob: Page }): Promise<string[]> {
  const comings: string[] = [];
  for (const page of [pages.alice, pages.bob]) {
    await page.waitForFunction(() => window.application.call.state === 'Connected');
    await page.waitForFunction(() => window.application.call.remoteParticipants[0]?.state === 'Connected');
    comings.push(...(await chronicleOf(page)).comings);
  }

  return comings;
}

async function pathsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const protocols: string[] = [];
    for (const connection of window.probes.peerConnections) {
      const stats = await connection.getStats();
      stats.forEach((transport: RTCTransportStats) => {
        if (transport.type === 'transport' && transport.selectedCandidatePairId !== undefined) {
          const pair = stats.get(transport.selectedCandidatePairId) as RTCIceCandidatePairStats;
          protocols.push((stats.get(pair.remoteCandidateId) as { protocol: string }).protocol);
        }
      });
    }

    return protocols;
  });
}

describe('a machine that goes from one network to another', () => {
  it('has sound and picture back, both ways, and its participant never left', async () => {
    const freezes: number[] = [];
    for (let call = 0; call < 2; call += 1) {
      await using stack = new AsyncDisposableStack();
      const pages = await world.enter(stack);
      for (let move = 0; move < 3; move += 1) {
        freezes.push(...(await freezesOver(pages, () => world.machine.move())));
        expect(await comingsOf(pages)).toEqual([]);
      }
    }
    const { p50, p95 } = percentiles(freezes);
    process.stdout.write(
      `Media is back after a change of the network within ${p50} ms (median), ${p95} ms (p95).\n`,
    );

    expect(p95).toBeLessThan(3_000);
  });

  it('the same while 5 % of the packets get lost', async () => {
    await world.machine.losePackets(5);
    await using stack = new AsyncDisposableStack();
    stack.defer(() => world.machine.clearFilters());
    const pages = await world.enter(stack);
    const freezes = [];
    for (let move = 0; move < 3; move += 1) {
      freezes.push(...(await freezesOver(pages, () => world.machine.move())));
      expect(await comingsOf(pages)).toEqual([]);
    }
    process.stdout.write(`With 5 % of the packets lost: ${freezes.join(', ')} ms.\n`);
  });
});

describe('a machine whose network goes away', () => {
  it('is back in the call when it comes back some seconds later', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.enter(stack);

    await world.machine.unplug();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Reconnecting');
    await world.machine.plugIn();
    await Promise.all([framesGoOn(pages.alice), framesGoOn(pages.bob)]);

    expect(await comingsOf(pages)).toEqual([]);
  });
});

describe('a network that lets no UDP through', () => {
  it('has media go over TCP from the beginning', async () => {
    await world.machine.blockUdp();
    await using stack = new AsyncDisposableStack();
    stack.defer(() => world.machine.clearFilters());

    const pages = await world.enter(stack);

    expect(new Set(await pathsOf(pages.bob))).toEqual(new Set(['tcp']));
    expect(new Set(await pathsOf(pages.alice))).toEqual(new Set(['udp']));
  });

  it('from some moment on has media change over to TCP within the call', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.enter(stack);
    stack.defer(() => world.machine.clearFilters());

    const freezes = await freezesOver(pages, () => world.machine.blockUdp());
    process.stdout.write(`Media goes on over TCP after ${freezes.join(' and ')} ms.\n`);

    expect(new Set(await pathsOf(pages.bob))).toEqual(new Set(['tcp']));
    expect(await comingsOf(pages)).toEqual([]);
  });
});
