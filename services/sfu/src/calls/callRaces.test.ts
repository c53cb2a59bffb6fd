import { ProtocolError } from '@parley/protocol';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pages, users, type Decision } from '../../test/support/RoomPages.ts';

type Act =
  | { readonly name: 'join' | 'leave' | 'reconnect' | 'holdCall' | 'unholdCall'; readonly page: number }
  | { readonly name: 'decide'; readonly decision: Decision }
  | { readonly name: 'lobby'; readonly isThere: boolean }
  | { readonly name: 'wait'; readonly ms: number }
  | { readonly name: 'settle' };

const page = fc.nat({ max: 2 * users.length - 1 });

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constantFrom<'join' | 'leave' | 'reconnect'>('join', 'join', 'leave', 'reconnect'),
      page,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constantFrom<'holdCall' | 'unholdCall'>('holdCall', 'unholdCall'),
      page,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      name: fc.constant<'decide'>('decide'),
      decision: fc.constantFrom<Decision>(
        'admitParticipants',
        'admitParticipants',
        'denyParticipants',
        'removeParticipant',
        'presenter',
        'consumer',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant<'lobby'>('lobby'), isThere: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constant<'wait'>('wait'), ms: fc.constantFrom(1_000, 31_000) }),
  },
  { weight: 3, arbitrary: fc.constant<Act>({ name: 'settle' }) },
);

const roomWith = (lobby: boolean) => ({ lobby, roster: { alice: 'presenter' as const } });

async function carryOut(pages: Pages, act: Exclude<Act, { name: 'settle' }>): Promise<void> {
  const { world, all } = pages;
  switch (act.name) {
    case 'join':
      return all[act.page]?.join();
    case 'leave':
      return all[act.page]?.leave();
    case 'reconnect':
      return all[act.page]?.reconnect();
    case 'holdCall':
    case 'unholdCall': {
      const { device, callId } = all[act.page] ?? {};
      await (device && world.ask(device, act.name, { callId: callId ?? '' }));

      return;
    }
    case 'decide':
      return pages.decide(act.decision);
    case 'lobby':
      return world.putRoom(roomWith(act.isThere));
    case 'wait':
      return world.clock.advance(act.ms);
    default:
      act satisfies never;
  }
}

/** A refusal is an answer like any other. */
function refused(error: unknown): void {
  if (!(error instanceof ProtocolError)) {
    throw error;
  }
}

it('shows everyone one and the same call whatever happens at once, and leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(acts, { maxLength: 40, size: '+1' }),
      async (scheduler, plan) => {
        const pages = await Pages.open(scheduler);
        const { world } = pages;
        await world.putRoom(roomWith(true));
        let running: Promise<void>[] = [];
        const settle = async (): Promise<void> => {
          await scheduler.waitFor(Promise.all(running));
          running = [];
          // Who waits is told this long after, at the latest.
          world.clock.advance(200);
          await scheduler.waitIdle();
          pages.compare();
        };
        for (const act of plan) {
          // What is not waited for goes on at the same time.
          // oxlint-disable-next-line no-await-in-loop
          await (act.name === 'settle' ? settle() : running.push(carryOut(pages, act).catch(refused)));
        }
        await settle();

        pages.all.forEach(({ device }) => world.drop(device));
        world.clock.advance(600_000);
        await scheduler.waitIdle();
        world.clock.advance(600_000);
        expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);
