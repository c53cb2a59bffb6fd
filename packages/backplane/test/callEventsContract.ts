import { createDeferred } from '@parley/kit';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../src/callEvents.ts';
import type { CreateBackplane } from './contract.ts';
import { withBackplane } from './withBackplane.ts';

const started = (callId: string, atMs: number): CallEvent => ({
  eventId: `${callId}:${atMs}`,
  applicationId: 'app1',
  callId,
  atMs,
  name: 'callStarted',
  kind: 'direct',
  nodeId: 'node1',
});

const ended = (callId: string, atMs: number): CallEvent => ({
  eventId: `${callId}:${atMs}`,
  applicationId: 'app1',
  callId,
  atMs,
  name: 'callEnded',
  reason: 'hangup',
});

/** A consumer that keeps what it takes. */
function createTaker() {
  const taken: CallEvent[] = [];

  return {
    take: async (events: readonly CallEvent[]) => void taken.push(...events),
    /** The moments of the call's events, in the order they came. */
    of: (callId: string) => taken.filter((event) => event.callId === callId).map(({ atMs }) => atMs),
  };
}

export function describeCallEvents(create: CreateBackplane): void {
  describe('the stream of call events', () => {
    const test = withBackplane(create);

    it('brings every event as it was published, also those from before there was a consumer', async () => {
      const { callEvents } = test.backplane;
      const arrived: CallEvent[] = [];
      callEvents.publish(started('call1', 1));
      callEvents.consume(async (events) => void arrived.push(...events));
      callEvents.publish(ended('call1', 2));

      await expect.poll(() => arrived).toEqual([started('call1', 1), ended('call1', 2)]);
    });

    it('keeps the order within each call, however many there are at once', async () => {
      const { callEvents } = test.backplane;
      const { take, of } = createTaker();
      const moments = Array.from({ length: 1_000 }, (_, index) => index);
      callEvents.consume(take);
      for (const atMs of moments) {
        callEvents.publish(started('call1', atMs));
        callEvents.publish(started('call2', atMs));
      }

      await expect.poll(() => of('call2').length).toBe(1_000);
      expect([of('call1'), of('call2')]).toEqual([moments, moments]);
    });

    it('brings again what the consumer rejects, before anything later, and reports why', async () => {
      const { callEvents } = test.backplane;
      const { take, of } = createTaker();
      const outage = new Error('The database is away.');
      let failures = 2;
      callEvents.consume(async (events) => {
        if (failures > 0) {
          failures -= 1;
          throw outage;
        }
        await take(events);
      });
      callEvents.publish(started('call1', 1));
      callEvents.publish(ended('call1', 2));

      await expect.poll(() => of('call1')).toEqual([1, 2]);
      expect(test.errors).toEqual([outage, outage]);
    });

    it('calls the consumer for one batch at a time', async () => {
      const { callEvents } = test.backplane;
      const { take, of } = createTaker();
      const gate = createDeferred<void>();
      let [running, most] = [0, 0];
      callEvents.consume(async (events) => {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        await take(events);
        running -= 1;
      });
      callEvents.publish(started('call1', 1));
      await expect.poll(() => running).toBe(1);
      callEvents.publish(ended('call1', 2));
      gate.resolve();

      await expect.poll(() => of('call1')).toEqual([1, 2]);
      expect(most).toBe(1);
    });

    it('hands over what was published before the subscription is closed, and keeps the rest for the next', async () => {
      const { callEvents } = test.backplane;
      const [first, second] = [createTaker(), createTaker()];
      const subscription = callEvents.consume(first.take);
      callEvents.publish(started('call1', 1));
      await subscription.close();
      await subscription.close();
      expect(first.of('call1')).toEqual([1]);

      callEvents.publish(ended('call1', 2));
      callEvents.consume(second.take);
      await expect.poll(() => second.of('call1')).toEqual([2]);
      expect(first.of('call1')).toEqual([1]);
    });

    it('loses nothing when it is closed while the consumer rejects', async () => {
      const { callEvents } = test.backplane;
      const { take, of } = createTaker();
      const tried = createDeferred<void>();
      const subscription = callEvents.consume(async () => {
        tried.resolve();
        throw new Error('The database is away.');
      });
      callEvents.publish(started('call1', 1));
      await tried.promise;
      await subscription.close();

      callEvents.publish(ended('call1', 2));
      callEvents.consume(take);
      await expect.poll(() => of('call1')).toEqual([1, 2]);
    });

    it('is closed only once the batch being handled is done, which does not come again', async () => {
      const { callEvents } = test.backplane;
      const [first, second] = [createTaker(), createTaker()];
      const [entered, gate] = [createDeferred<void>(), createDeferred<void>()];
      const subscription = callEvents.consume(async (events) => {
        entered.resolve();
        await gate.promise;
        await first.take(events);
      });
      callEvents.publish(started('call1', 1));
      await entered.promise;
      let isClosed = false;
      const closed = subscription.close().then(() => (isClosed = true));
      await new Promise(setImmediate);
      expect(isClosed).toBe(false);

      gate.resolve();
      await closed;
      callEvents.consume(second.take);
      callEvents.publish(ended('call1', 2));
      await expect.poll(() => second.of('call1')).toEqual([2]);
      expect(first.of('call1')).toEqual([1]);
    });

    it('takes one consumer at a time', () => {
      const { callEvents } = test.backplane;
      callEvents.consume(createTaker().take);

      expect(() => callEvents.consume(createTaker().take)).toThrow('a consumer already');
    });
  });
}
