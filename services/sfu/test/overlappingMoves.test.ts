import { createDeferred, type Deferred } from '@parley/kit';
import type { MediaOffer } from '@parley/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import {
  openWebRtcTransports,
  type OpenTransports,
  type TransportsOptions,
} from '../src/media/ParticipantTransports.ts';
import type { MediasoupMediaOptions } from '../src/media/MediasoupMedia.ts';
import type { CallMediaListener, ParticipantMedia } from '../src/media/mediaTypes.ts';
import type { MediaWorker } from '../src/workers/MediaWorker.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';
import { openPlainTransports } from './support/plainTransports.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';

let world: MediaWorld;
let call: PlainCall;
let alice: PlainParticipant;
let bob: PlainParticipant;

/** Transports that were asked for since they are held, and wait to be opened. */
let held: Deferred<void>[] | undefined;

afterEach(async () => {
  held = undefined;
  await world[Symbol.asyncDispose]();
});

const openWhenLetGo: OpenTransports = async (options) => {
  if (held !== undefined) {
    const letGo = createDeferred<void>();
    held.push(letGo);
    await letGo.promise;
  }

  return openPlainTransports(options);
};

async function meet(): Promise<void> {
  world = await startMediaWorld({}, { openTransports: openWhenLetGo });
  call = await world.createCall();
  alice = await call.join('alice');
  bob = await call.join('bob');
}

/** What happens once transports are open, before they are of any use. */
let whenOpened: ((options: TransportsOptions) => Promise<void>) | undefined;

/** The same two on one worker, with data channels: for each of those a worker has to be asked. */
async function meetWithData(
  listener: Partial<CallMediaListener>,
  options: Partial<MediasoupMediaOptions> = {},
): Promise<[ParticipantMedia, ParticipantMedia]> {
  whenOpened = undefined;
  const openTransports: OpenTransports = async (opening) => {
    const transports = await openWebRtcTransports(opening);
    await whenOpened?.(opening);

    return transports;
  };
  world = await startMediaWorld({ workerCount: 1 }, { openTransports, ...options });
  call = await world.createCall(listener);
  const offer: MediaOffer = {
    rtpCapabilities: world.media.routerRtpCapabilities,
    dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
    sctpStreams: 16,
  };

  return [await call.media.addParticipant('alice', offer), await call.media.addParticipant('bob', offer)];
}

/** Resolves with those that wait when there are that many, however many come then. */
async function waiting(count: number): Promise<Deferred<void>[]> {
  await expect.poll(() => held?.length).toBe(count);

  return held ?? [];
}

describe('somebody who hangs up while the call is taken to another worker', () => {
  it('does not end it for the others, though what they were to receive was being made', async () => {
    const reset = createDeferred<string>();
    const [staying, leaving] = await meetWithData({ onReset: (id) => reset.resolve(id) });
    whenOpened = async ({ site }) => {
      // Nobody has a data channel before its outlet is there.
      const direct = await site.directTransport();
      direct.observer.once('newdataproducer', () => leaving.close());
    };
    await killWorker(busiestOf(world.pool.workers));

    expect(await Promise.race([reset.promise, call.lost])).toBe('alice');
    expect(staying.parameters.dataConsumers).toHaveLength(2);
    // One router, what goes through this process, and two transports of the one who stays.
    expect(busiestOf(world.pool.workers).open).toBe(4);
  });

  it('does not close the part of it that they were to come to, and lets their worker be drained', async () => {
    await meet();
    const sound = await alice.produce('microphone');
    held = [];
    const worker = busiestOf(world.pool.workers);
    const drained = world.media.drain(worker.pid);
    const openings = await waiting(2);
    held = undefined;
    bob.media.close();
    call.participants.delete('bob');
    openings.forEach((opening) => opening.resolve());
    await drained;
    const carol = await call.join('carol');

    await carol.hears(sound);
    expect([alice.resets, world.pool.workers.includes(worker)]).toEqual([1, false]);
  });
});

describe('the death of the worker that a call is being moved from', () => {
  it.for(['move', 'recovery'] as const)(
    'has everyone told once of all they receive, if the %s has its transports first',
    async (first) => {
      await meet();
      const [sound, answer] = [await alice.produce('microphone'), await bob.produce('microphone')];
      await Promise.all([alice.hears(answer), bob.hears(sound)]);
      held = [];
      const worker = busiestOf(world.pool.workers);
      const drained = world.media.drain(worker.pid);
      await waiting(2);
      await killWorker(worker);
      const openings = await waiting(4);
      held = undefined;
      const [early, late] = [openings.slice(0, 2), openings.slice(2)];
      const inOrder = first === 'move' ? [early, late] : [late, early];
      inOrder[0]?.forEach((opening) => opening.resolve());
      if (first === 'recovery') {
        await call.allReset(1);
      }
      inOrder[1]?.forEach((opening) => opening.resolve());
      await Promise.all([call.allReset(1), drained]);
      await Promise.all([alice.hears(answer), bob.hears(sound)]);

      expect([alice.resets, bob.resets]).toEqual([1, 1]);
      expect(alice.media.parameters.consumers.map(({ producerId }) => producerId)).toEqual([answer]);
      // One router, and nothing of what was opened in vain.
      expect(world.pool.workers.map(({ open }) => open).toSorted((one, other) => one - other)).toEqual([
        0, 5,
      ]);
    },
  );
});

describe('the death of the worker that a call is being moved to', () => {
  it('has those who were on the way go on to a third, as they do who are moved', async () => {
    const [resets, moves] = [[] as string[], [] as [string, number][]];
    await meetWithData(
      { onReset: (id) => void resets.push(id) },
      { onMoved: (...move) => void moves.push(move) },
    );
    let opened = 0;
    let to: MediaWorker | undefined;
    whenOpened = async ({ site }) => {
      opened += 1;
      if (opened === 2) {
        to = site.worker;
        process.kill(to.pid, 'SIGSTOP');
      }
    };
    const from = busiestOf(world.pool.workers);
    const drained = world.media.drain(from.pid);
    // They have left the first one, and wait for the second.
    await expect.poll(() => [opened, from.open]).toEqual([2, 2]);
    await killWorker(to ?? from);
    await drained;

    expect(resets.toSorted()).toEqual(['alice', 'bob']);
    expect(moves).toEqual([['workerMove', 2]]);
    expect(busiestOf(world.pool.workers).open).toBe(6);
  });
});

describe('two devices that answer for one callee', () => {
  it('leave the second its media when the first, which was lost meanwhile, has its own', async () => {
    await meet();
    held = [];
    const lost = call.media.addParticipant('carol', alice.offer);
    const [opening] = await waiting(1);
    held = undefined;
    const carol = await call.join('carol');
    opening?.resolve();
    await expect(lost).rejects.toMatchObject({ code: 'call_not_found' });

    const sound = await alice.produce('microphone');
    await carol.hears(sound);
    await bob.hears(await carol.produce('microphone'));
  });

  it('leave the second its media when the first gives up its own only then', async () => {
    await meet();
    const lost = await call.media.addParticipant('carol', alice.offer);
    const carol = await call.join('carol');
    lost.close();

    const sound = await alice.produce('microphone');
    await carol.hears(sound);
    await bob.hears(await carol.produce('microphone'));
    expect(carol.resets).toBe(0);
  });
});
