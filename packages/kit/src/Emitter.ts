import type { Disposable } from './Disposer.ts';
import { rethrowLater } from './rethrowLater.ts';

/** Event name to the tuple of its arguments. */
export type EventMap = Record<string, unknown[]>;

export type Listener<Args extends unknown[]> = (...args: Args) => void;

/**
 * A typed event emitter.
 *
 * Listeners run in the order they were added, synchronously. One that throws breaks neither the emitter nor
 * its neighbours: the error goes to `onListenerError`. By default that rethrows it after the event, so that it
 * reaches a page's own error reporting; in Node.js an uncaught error ends the process, so servers pass a handler.
 */
export class Emitter<Events extends EventMap> {
  /** What to call for each listener; for those of `once()` that takes the listener out first. */
  readonly #listeners = new Map<keyof Events, Map<Listener<never>, Listener<never>>>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = rethrowLater) {
    this.#onListenerError = onListenerError;
  }

  /** Calls `listener` on every `name` until the returned disposer is called. Adding it twice adds it once. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    return this.#add(name, listener, listener);
  }

  /** Like `on`, for the next event only; a listener that is there already stays for every event. */
  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    if (this.#listeners.get(name)?.has(listener) === true) {
      return () => this.off(name, listener);
    }

    return this.#add(name, listener, (...args) => {
      this.off(name, listener);
      listener(...args);
    });
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    const listeners = this.#listeners.get(name);
    listeners?.delete(listener);
    if (listeners?.size === 0) {
      this.#listeners.delete(name);
    }
  }

  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    const listeners = this.#listeners.get(name);
    // A copy: a listener may add listeners while the event is being delivered. Those it removes hear no more of it.
    for (const [listener, call] of Array.from(listeners ?? [])) {
      if (listeners?.get(listener) === call) {
        try {
          (call as Listener<Events[Name]>)(...args);
        } catch (error) {
          this.#onListenerError(error);
        }
      }
    }
  }

  #add<Name extends keyof Events>(
    name: Name,
    listener: Listener<Events[Name]>,
    call: Listener<Events[Name]>,
  ): Disposable {
    if (typeof listener !== 'function') {
      throw new TypeError(`A listener of "${String(name)}" must be a function.`);
    }
    const listeners = this.#listeners.get(name) ?? new Map<Listener<never>, Listener<never>>();
    listeners.set(listener, call);
    this.#listeners.set(name, listeners);

    return () => this.off(name, listener);
  }
}
