import { SerialQueue } from '@parley/kit';
import { ProtocolError, type Role } from '@parley/protocol';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClientView } from '../../test/support/ClientView.ts';
import { createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

/** Alice presents, the others wait when there is a lobby; each has two devices. */
const users = ['alice', 'bob', 'carol'] as const;

/** One page: a device at a time, one request at a time, and what it knows of the call it is in or waits before. */
class Page {
  readonly userId: string;
  readonly #world: CallWorld;
  readonly #queue = new SerialQueue('requests of a page');
  device: FakeDevice;
  view: ClientView | undefined;
  callId = '';
  #resumeToken = '';
  /** Where in what the device was told its present place begins. */
  #from = 0;

  constructor(world: CallWorld, userId: string, device: FakeDevice) {
    this.#world = world;
    this.userId = userId;
    this.device = device;
  }

  join(): Promise<void> {
    return this.#queue.push(async () => {
      this.read();
      const { device, view } = this;
      if (view !== undefined && !view.hasEnded) {
        return;
      }
      const from = device.told.length;
      const answer = await this.#world.calls.joinRoom(device, { roomId: 'room', media: offer });
      // The answer to a connection that was lost meanwhile arrives nowhere.
      if (answer.action !== 'redirect' && device.isConnected) {
        this.callId = answer.call.id;
        this.#resumeToken = answer.resumeToken;
        this.#from = from;
        this.view = new ClientView(answer.sequence, answer.action === 'joined' ? answer.call : undefined);
      }
    });
  }

  leave(): Promise<void> {
    return this.#queue.push(async () => {
      await this.#world.ask(this.device, 'leaveCall', { callId: this.callId });
      this.view = undefined;
    });
  }

  /** The connection breaks, and the next one takes the page back to where it was, or nowhere. */
  reconnect(): Promise<void> {
    this.#world.drop(this.device);

    return this.#queue.push(async () => {
      this.read();
      const { view, callId } = this;
      const device = await this.#world.device(this.userId);
      this.device = device;
      this.#from = 0;
      this.view = undefined;
      if (view === undefined || view.hasEnded) {
        return;
      }
      const request = { callId, resumeToken: this.#resumeToken, sequence: view.sequence };
      const answer = await this.#world.ask(device, 'resume', request);
      if (answer.action !== 'stop' && answer.action !== 'redirect' && device.isConnected) {
        this.#resumeToken = answer.resumeToken;
        view.catchUp(answer);
        this.view = view;
      }
    });
  }

  read(): void {
    this.view?.read(this.device, this.#from);
  }
}

class Pages {
  readonly world: CallWorld;
  readonly all: readonly Page[];

  private constructor(world: CallWorld, all: readonly Page[]) {
    this.world = world;
    this.all = all;
  }

  static async open(scheduler: fc.Scheduler): Promise<Pages> {
    const world = await createCallWorld();
    world.media.delayParticipants(() => scheduler.schedule(Promise.resolve()));
    const pages = [...users, ...users].map(
      async (userId) => new Page(world, userId, await world.device(userId)),
    );

    return new Pages(world, await Promise.all(pages));
  }

  /** What Alice decides of everybody who is there, or waits. */
  async decide(decision: Decision): Promise<void> {
    const alice = this.all.find(({ userId, view }) => userId === 'alice' && view !== undefined);
    const { view, device, callId } = alice ?? {};
    if (view === undefined || device === undefined || callId === undefined) {
      return;
    }
    alice?.read();
    const { call } = this.world.calls.participation(device, callId);
    const other = call.ofUser('bob')?.id ?? call.ofUser('carol')?.id ?? 'nobody';
    if (decision === 'admitParticipants' || decision === 'denyParticipants') {
      await this.world.ask(device, decision, { callId, participantIds: view.lobby.slice(0, 2) });
    } else if (decision === 'removeParticipant') {
      await this.world.ask(device, decision, { callId, participantId: other });
    } else {
      await this.world.ask(device, 'changeRole', { callId, participantId: other, role: decision });
    }
  }

  /** Whoever is in the call knows of it what the server knows, from what they were answered and told. */
  compare(): void {
    for (const one of this.all) {
      one.read();
      const { view, device, callId } = one;
      const participation = partOf(this.world, device, callId);
      if (participation !== undefined) {
        const { call, participant } = participation;
        const now = new ClientView(0, call.snapshotFor(participant));
        expect(view?.participants).toEqual(now.participants);
        expect(view?.lobby).toEqual(now.lobby);
        expect(() => call.removals.requireAllowed(participant.identity)).not.toThrow();
      } else if (view !== undefined && !view.hasEnded) {
        // Before the door.
        expect(view.participants).toBeUndefined();
      }
    }
  }
}

function partOf(world: CallWorld, device: FakeDevice, callId: string) {
  try {
    return world.calls.participation(device, callId);
  } catch {
    return undefined;
  }
}

type Decision = 'admitParticipants' | 'denyParticipants' | 'removeParticipant' | Role;

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
}, 60_000);
