import type { Disposable } from './Disposer.ts';

/** Event name to the tuple of its arguments. */
export type EventMap = Record<string, unknown[]>;

export type Listener<Args extends unknown[]> = (...args: Args) => void;

/**
 * A typed event emitter.
 *
 * Listeners run in the order they were added, synchronously. One that throws breaks neither the emitter nor
 * its neighbours: the error goes to `onListenerError`, which by default rethrows it in a task of its own, so
 * that it reaches the host's "uncaught" reporting with its stack.
 */
export class Emitter<Events extends EventMap> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = rethrowLater) {
    this.#onListenerError = onListenerError;
  }

  /** Calls `listener` on every `name` until the returned disposer is called. Adding it twice adds it once. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(name, listeners);

    return () => this.off(name, listener);
  }

  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    const dispose = this.on(name, (...args) => {
      dispose();
      listener(...args);
    });

    return dispose;
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    const listeners = this.#listeners.get(name);
    listeners?.delete(listener);
    if (listeners?.size === 0) {
      this.#listeners.delete(name);
    }
  }

  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    // A copy: a listener may add or remove listeners while the event is being delivered.
    for (const listener of Array.from(this.#listeners.get(name) ?? [])) {
      try {
        (listener as Listener<Events[Name]>)(...args);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }

  listenerCount(name: keyof Events): number {
    return this.#listeners.get(name)?.size ?? 0;
  }

  removeAllListeners(): void {
    this.#listeners.clear();
  }
}

declare function queueMicrotask(callback: () => void): void;

function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
