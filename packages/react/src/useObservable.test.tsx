// @vitest-environment happy-dom
import { StrictMode, useLayoutEffect } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { listenersOf } from '../test/support/listenersOf.ts';
import { act, renderHook } from '../test/support/page.tsx';
import { useObservable } from './useObservable.ts';

/** Something with two properties, a list that is made anew at each look, and an event of each. */
class Counter {
  readonly #listeners = new Map<string, Set<() => void>>();
  one = 0;
  other = 0;
  members: readonly object[] = [];

  get list(): readonly object[] {
    return [...this.members];
  }

  on(name: 'oneChanged' | 'otherChanged' | 'listUpdated', listener: () => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));

    return () => listeners.delete(listener);
  }

  emit(name: string): void {
    act(() => this.#listeners.get(name)?.forEach((listener) => listener()));
  }
}

it('renders again when what is read is different, and only then', () => {
  const counter = new Counter();
  let renderings = 0;
  const { result } = renderHook(() => {
    renderings += 1;

    return useObservable(counter, ['oneChanged', 'otherChanged'], ({ one }) => ({ one }));
  });
  const first = result.current;

  counter.other = 1;
  counter.emit('otherChanged');
  expect(renderings).toBe(1);
  counter.one = 1;
  counter.emit('oneChanged');

  expect(renderings).toBe(2);
  expect(first).toEqual({ one: 0 });
  expect(result.current).toEqual({ one: 1 });
});

it('a list that is made anew stays the same one for as long as its members do', () => {
  const counter = new Counter();
  counter.members = [new Counter()];
  const { result, rerender } = renderHook(() => useObservable(counter, ['listUpdated'], ({ list }) => list));
  const first = result.current;

  rerender();
  counter.emit('listUpdated');
  expect(result.current).toBe(first);
  counter.members = [new Counter()];
  counter.emit('listUpdated');

  expect(result.current).not.toBe(first);
});

it('a component that renders again with the same object does not subscribe again', () => {
  const counter = new Counter();
  const listeners = listenersOf(counter);
  const { rerender } = renderHook(() =>
    useObservable(counter, ['oneChanged', 'otherChanged'], ({ one }) => one),
  );

  rerender();
  rerender();

  expect(listeners).toMatchObject({ count: 2, added: 2 });
});

it('another object is read and listened to in place of the one before', () => {
  const [before, after] = [new Counter(), new Counter()];
  const [ofBefore, ofAfter] = [listenersOf(before), listenersOf(after)];
  after.one = 7;
  const { result, rerender } = renderHook(
    ({ counter }: { counter: Counter }) => useObservable(counter, ['oneChanged'], ({ one }) => one),
    { initialProps: { counter: before } },
  );

  rerender({ counter: after });

  expect(result.current).toBe(7);
  expect([ofBefore.count, ofAfter.count]).toEqual([0, 1]);
});

it('a change between rendering and subscribing is seen', () => {
  const counter = new Counter();
  const { result } = renderHook(() => {
    useLayoutEffect(() => {
      counter.one = 5;
    }, []);

    return useObservable(counter, ['oneChanged'], ({ one }) => one);
  });

  expect(result.current).toBe(5);
});

it('an unmounted component listens to nothing, also under StrictMode', () => {
  const counter = new Counter();
  const listeners = listenersOf(counter);
  const { unmount } = renderHook(() => useObservable(counter, ['oneChanged'], ({ one }) => one), {
    wrapper: StrictMode,
  });
  expect(listeners.count).toBe(1);

  unmount();

  expect(listeners.count).toBe(0);
});

it('is undefined while there is no object', () => {
  const { result } = renderHook(() =>
    useObservable(undefined as Counter | undefined, ['oneChanged'], ({ one }) => one),
  );

  expect(result.current).toBeUndefined();
});

it('is read on a server, where nothing is listened to', () => {
  const counter = new Counter();
  const listeners = listenersOf(counter);
  counter.one = 3;
  const Component = () => useObservable(counter, ['oneChanged'], ({ one }) => one);

  expect(renderToString(<Component />)).toBe('3');
  expect(listeners.added).toBe(0);
});
