import { describe, expect, it } from 'vitest';
import { RequestQueue } from './RequestQueue.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A queue whose tasks note when they begin. */
function createQueue() {
  const queue = new RequestQueue();
  const begun: string[] = [];
  const atOnce = (name: string): void =>
    queue.push(() => {
      begun.push(name);

      return undefined;
    });
  const later = (name: string): PromiseWithResolvers<void> => {
    const done = Promise.withResolvers<void>();
    queue.push(() => {
      begun.push(name);

      return done.promise;
    });

    return done;
  };

  return { queue, begun, atOnce, later };
}

describe('what a connection asks for', () => {
  it('is done at once when nothing is under way', () => {
    const { queue, begun, atOnce } = createQueue();
    atOnce('a');
    atOnce('b');

    expect(begun).toEqual(['a', 'b']);
    expect(queue.pending).toBe(0);
  });

  it('waits for what is under way, in its order, also when that fails', async () => {
    const { queue, begun, atOnce, later } = createQueue();
    const [slow, failing] = [later('slow'), later('failing')];
    atOnce('last');
    expect([begun, queue.pending]).toEqual([['slow'], 3]);

    slow.resolve();
    await turn();
    expect([begun, queue.pending]).toEqual([['slow', 'failing'], 2]);
    failing.reject(new Error('no'));
    await turn();

    expect([begun, queue.pending]).toEqual([['slow', 'failing', 'last'], 0]);
  });

  it('comes after what asked for it meanwhile', () => {
    const { queue, begun, atOnce } = createQueue();
    queue.push(() => {
      atOnce('inner');
      begun.push('outer');

      return undefined;
    });

    expect(begun).toEqual(['outer', 'inner']);
  });

  it('is forgotten with the connection, but for what is under way', async () => {
    const { queue, begun, atOnce, later } = createQueue();
    const slow = later('slow');
    atOnce('never');
    queue.close();
    slow.resolve();
    await turn();
    atOnce('never either');

    expect(begun).toEqual(['slow']);
  });
});
