import process from 'node:process';
import { percentiles } from '@parley/test-kit/bench';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chronicleOf, framesGoOn } from '../e2e/support/chronicle.ts';
import { untried } from '../e2e/support/untried.ts';
import { freezesOver } from './support/freezesOver.ts';
import { canMakeMachines } from './support/Machine.ts';
import { createNetworkWorld, type NetworkWorld, type NetworkWorldOptions } from './support/world.ts';

const missing = (await canMakeMachines())
  ? undefined
  : 'tests of failing networks need root, ip and nft, to make network namespaces';
const why = untried(missing);

const useWorld = (options: NetworkWorldOptions = {}): (() => NetworkWorld) => {
  let world: NetworkWorld;
  beforeAll(async () => {
    world = await createNetworkWorld(options);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  return () => world;
};

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

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Of each transport's path, milliseconds. */
async function roundTripsOf(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const roundTrips: number[] = [];
    for (const connection of window.probes.peerConnections) {
      const stats = await connection.getStats();
      stats.forEach((pair: RTCIceCandidatePairStats) => {
        if (pair.type === 'candidate-pair' && pair.nominated && pair.currentRoundTripTime !== undefined) {
          roundTrips.push(pair.currentRoundTripTime * 1_000);
        }
      });
    }

    return roundTrips;
  });
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

describe.skipIf(missing !== undefined)('a browser whose network', why, () => {
  const world = useWorld();

  it('changes has sound and picture back soon, both ways, and its participant never left', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world().enter(stack);
    const freezes: number[] = [];
    for (let move = 0; move < 3; move += 1) {
      freezes.push(...(await freezesOver(pages, () => world().machine.move())));
      expect(await comingsOf(pages)).toEqual([]);
    }
    say(`Media is back after a change of the network within ${freezes.join(', ')} ms.`);

    // How soon is measured by `npm run bench:network`; here others may keep the machine busy.
    expect(percentiles(freezes).p50).toBeLessThan(3_000);
    expect(Math.max(...freezes)).toBeLessThan(8_000);
  });

  it('changes and loses 5 % of all packets has them back all the same', async () => {
    await world().machine.losePackets(5);
    await using stack = new AsyncDisposableStack();
    stack.defer(() => world().machine.clearFilters());
    const pages = await world().enter(stack);

    const freezes = await freezesOver(pages, () => world().machine.move());
    say(`With 5 % of the packets lost: ${freezes.join(' and ')} ms.`);

    expect(Math.max(...freezes)).toBeLessThan(8_000);
    expect(await comingsOf(pages)).toEqual([]);
  });

  it('goes away for some seconds is back in the call within 10 s of its return', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world().enter(stack);

    await world().machine.unplug();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Reconnecting');
    await world().machine.plugIn();
    const returned = performance.now();
    await Promise.all([framesGoOn(pages.alice), framesGoOn(pages.bob)]);

    expect(performance.now() - returned).toBeLessThan(10_000);
    expect(await comingsOf(pages)).toEqual([]);
  });

  it('lets no UDP through has media go over TCP from the beginning', async () => {
    await world().machine.blockUdp();
    await using stack = new AsyncDisposableStack();
    stack.defer(() => world().machine.clearFilters());

    const pages = await world().enter(stack);

    expect(new Set(await pathsOf(pages.bob))).toEqual(new Set(['tcp']));
    expect(new Set(await pathsOf(pages.alice))).toEqual(new Set(['udp']));
  });

  it('lets no UDP through any more has media change over to TCP within the call', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world().enter(stack);
    stack.defer(() => world().machine.clearFilters());

    const freezes = await freezesOver(pages, () => world().machine.blockUdp());
    say(`Media goes on over TCP after ${freezes.join(' and ')} ms.`);

    expect(Math.max(...freezes)).toBeLessThan(25_000);
    expect(new Set(await pathsOf(pages.bob))).toEqual(new Set(['tcp']));
    expect(await comingsOf(pages)).toEqual([]);
  });
});

describe.skipIf(missing !== undefined)('a platform that is 100 ms away', why, () => {
  const world = useWorld({ delayMs: 100 });

  it('has media back after a change of the network as well', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world().enter(stack);
    expect(Math.min(...(await roundTripsOf(pages.bob)))).toBeGreaterThan(190);

    const freezes = await freezesOver(pages, () => world().machine.move());
    say(`From 100 ms away media is back within ${freezes.join(' and ')} ms.`);

    // The browser asks several times over the path that is gone before it takes the new one.
    expect(Math.max(...freezes)).toBeLessThan(15_000);
    expect(await comingsOf(pages)).toEqual([]);
  });
});
