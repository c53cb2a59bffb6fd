import { describe, expect, it } from 'vitest';
import { CallEventQueue } from './CallEventQueue.ts';
import type { CallEvent } from '../callEvents.ts';

const of = (callId: string) => ({ eventId: 'e', applicationId: 'app1', callId, atMs: 0 });

const started = (callId: string): CallEvent => ({
  ...of(callId),
  name: 'callStarted',
  kind: 'direct',
  nodeId: 'node1',
});

const connected = (callId: string): CallEvent => ({ ...of(callId), name: 'callConnected' });

const ended = (callId: string): CallEvent => ({ ...of(callId), name: 'callEnded', reason: 'hangup' });

function createQueue() {
  const dropped: number[] = [];
  const queue = new CallEventQueue({
    maxSize: 10,
    sizeOf: () => 1,
    onDropped: (calls) => dropped.push(calls),
  });
  const push = (...events: CallEvent[]) => events.forEach((event) => queue.push(event));

  return { queue, dropped, push };
}

describe('a queue of call events above its maximum', () => {
  it('gives up the oldest calls that have ended, whole, and says how many', () => {
    const { queue, dropped, push } = createQueue();
    push(started('live'));
    for (const callId of ['a', 'b', 'c', 'd', 'e']) {
      push(started(callId), ended(callId));
    }

    expect(dropped).toEqual([1]);
    const kept = queue.take(100);
    expect(kept).toHaveLength(9);
    expect(kept.map(({ callId }) => callId)).not.toContain('a');
    expect(kept[0]).toEqual(started('live'));
  });

  it('keeps the end of a call whose beginning was handed over already', () => {
    const { queue, dropped, push } = createQueue();
    push(started('half'));
    expect(queue.take(1)).toEqual([started('half')]);
    push(ended('half'), ...Array.from({ length: 10 }, () => connected('live')));

    expect(dropped).toEqual([]);
    expect(queue.take(1)).toEqual([ended('half')]);
  });

  it('keeps everything of calls that go on', () => {
    const { queue, dropped, push } = createQueue();
    push(...Array.from({ length: 40 }, (_, index) => started(`call-${index}`)));

    expect(queue.size).toBe(40);
    expect(dropped).toEqual([]);
  });

  it('holds what could not be handed over before what came after', () => {
    const { queue, push } = createQueue();
    push(started('a'), ended('a'));
    const batch = queue.take(1);
    push(started('b'));
    queue.putBack(batch);

    expect(queue.take(100)).toEqual([started('a'), ended('a'), started('b')]);
  });
});
