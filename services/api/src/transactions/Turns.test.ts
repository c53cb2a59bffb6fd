import type { Clock } from '@parley/kit';
import { expect, it } from 'vitest';
import { Turns } from './Turns.ts';

/** A clock whose timers run when the test says so. */
function manualClock(): Clock & { readonly timers: Set<() => void> } {
  const timers = new Set<() => void>();

  return {
    timers,
    now: () => 0,
    schedule(_delayMs, callback) {
      timers.add(callback);

      return { cancel: () => timers.delete(callback) };
    },
  };
}

function start() {
  const clock = manualClock();
  const refusal = () => new Error('too many');
  const turns = new Turns({ atOnce: 2, maxWaiting: 2, maxWaitMs: 1_000, refusal }, clock);
  const running: string[] = [];
  const take = (owner: string, name: string) => {
    const [started, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const end = turns.take(owner, async () => {
      running.push(name);
      started.resolve();
      await finished.promise;

      return name;
    });
    // A refusal is looked at later.
    end.catch(() => {});

    return { end, started: started.promise, finish: finished.resolve };
  };

  return { clock, turns, running, take };
}

it('lets so many of an owner run, the next when one has ended, and others at once', async () => {
  const { running, take, clock } = start();
  const [first, , third] = [take('a', 'a1'), take('a', 'a2'), take('a', 'a3')];
  take('b', 'b1');
  expect(running).toEqual(['a1', 'a2', 'b1']);

  first.finish();

  expect(await first.end).toBe('a1');
  await third.started;
  expect(running).toEqual(['a1', 'a2', 'b1', 'a3']);
  expect(clock.timers.size).toBe(0);
});

it('lets nobody who comes later slip in before those who wait', async () => {
  const { running, take } = start();
  const [first, , third] = [take('a', 'a1'), take('a', 'a2'), take('a', 'a3')];

  first.finish();
  const fourth = take('a', 'a4');
  await third.started;
  third.finish();
  await fourth.started;

  expect(running).toEqual(['a1', 'a2', 'a3', 'a4']);
});

it('refuses who would be too many to wait, and who waited for too long', async () => {
  const { clock, running, take } = start();
  const all = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => take('a', name));
  await expect(all[4]?.end).rejects.toThrow('too many');

  [...clock.timers].forEach((ring) => ring());

  await expect(all[2]?.end).rejects.toThrow('too many');
  await expect(all[3]?.end).rejects.toThrow('too many');
  all[0]?.finish();
  await all[0]?.end;
  expect(running).toEqual(['a1', 'a2']);
  take('a', 'a6');
  expect(running).toEqual(['a1', 'a2', 'a6']);
});

it('gives a place back when the work in it failed', async () => {
  const { turns, running, take } = start();
  const fail = () => turns.take('a', () => Promise.reject(new Error('failed')));
  await Promise.allSettled([fail(), fail(), fail()]);

  take('a', 'a1');

  expect(running).toEqual(['a1']);
});

it('refuses those who wait with what made waiting pointless', async () => {
  const { turns, take } = start();
  const [, , third] = [take('a', 'a1'), take('a', 'a2'), take('a', 'a3')];

  turns.refuseWaiting('a', new Error('away'));

  await expect(third.end).rejects.toThrow('away');
});
