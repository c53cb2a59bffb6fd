// oxlint-disable vitest/no-standalone-expect -- The pages are compared inside of a test.
import { SerialQueue } from '@parley/kit';
import type { Role } from '@parley/protocol';
import type * as fc from 'fast-check';
import { expect } from 'vitest';
import { ClientView } from './ClientView.ts';
import { createCallWorld, type CallWorld, type FakeDevice } from './callWorld.ts';
import { offer } from './FakeMedia.ts';

export type Decision = 'admitParticipants' | 'denyParticipants' | 'removeParticipant' | Role;

/** Alice presents, the others wait when there is a lobby; each has two devices. */
export const users = ['alice', 'bob', 'carol'] as const;

/** One page: a device at a time, one request at a time, and what it knows of the call it is in or waits before. */
export class Page {
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

export class Pages {
  readonly world: CallWorld;
  readonly all: readonly Page[];

  private constructor(world: CallWorld, all: readonly Page[]) {
    this.world = world;
    this.all = all;
  }

  static async open(scheduler: fc.Scheduler): Promise<Pages> {
    const world = await createCallWorld();
    world.media.delayAll(() => scheduler.schedule(Promise.resolve()));
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
