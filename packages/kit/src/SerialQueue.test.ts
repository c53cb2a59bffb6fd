import { describe, expect, it } from 'vitest';
import { createDeferred } from './deferred.ts';
import { QueueClosedError, SerialQueue } from './SerialQueue.ts';

describe('SerialQueue', () => {
  it('starts a task only when the one before has settled', async () => {
    const queue = new SerialQueue('test');
    const gate = createDeferred<void>();
    const steps: string[] = [];
    const first = queue.push(async () => {
      steps.push('first begins');
      await gate.promise;
      steps.push('first ends');
    });
    const second = queue.push(() => steps.push('second'));

    gate.resolve();
    await Promise.all([first, second]);

    expect(steps).toEqual(['first begins', 'first ends', 'second']);
    expect(queue.pending).toBe(0);
  });

  it('runs the next task after one that failed', async () => {
    const queue = new SerialQueue('test');
    const failing = queue.push(() => Promise.reject(new Error('no')));
    const next = queue.push(() => 'yes');

    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('lets the running task finish and rejects those behind it when closed', async () => {
    const queue = new SerialQueue('test');
    const gate = createDeferred<void>();
    const begun = createDeferred<void>();
    const running = queue.push(() => {
      begun.resolve();

      return gate.promise;
    });
    const waiting = queue.push(() => 'never');
    await begun.promise;

    queue.close();
    gate.resolve();

    await expect(running).resolves.toBeUndefined();
    await expect(waiting).rejects.toBeInstanceOf(QueueClosedError);
  });
});
