import { Emitter, type Disposable, type EventMap, type Listener } from '@parley/kit';
import type { Observable } from '../events.ts';

/** The emitting side of what does its work only while somebody listens. */
export abstract class ListenedSource<Events extends EventMap> implements Observable<Events> {
  readonly #emitter = new Emitter<Events>();
  /** By event; those of `once` are under the function that takes them out. */
  readonly #listeners = new Map<keyof Events, Map<Listener<never>, Listener<never>>>();

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    return this.#add(name, listener, listener);
  }

  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    return this.#listeners.get(name)?.has(listener) === true
      ? () => this.off(name, listener)
      : this.#add(name, listener, (...args) => {
          this.off(name, listener);
          listener(...args);
        });
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    const listeners = this.#listeners.get(name);
    const call = listeners?.get(listener);
    if (listeners === undefined || call === undefined) {
      return;
    }
    listeners.delete(listener);
    this.#emitter.off(name, call as Listener<Events[Name]>);
    if (!this.#isListenedTo) {
      this.onIdle();
    }
  }

  /** Somebody listens. Idempotent. */
  protected abstract onListened(): void;

  /** Nobody listens any more. */
  protected abstract onIdle(): void;

  protected emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    this.#emitter.emit(name, ...args);
  }

  get #isListenedTo(): boolean {
    return [...this.#listeners.values()].some(({ size }) => size > 0);
  }

  #add<Name extends keyof Events>(
    name: Name,
    listener: Listener<Events[Name]>,
    call: Listener<Events[Name]>,
  ): Disposable {
    const listeners = this.#listeners.get(name) ?? new Map<Listener<never>, Listener<never>>();
    if (!listeners.has(listener)) {
      this.#emitter.on(name, typeof listener === 'function' ? call : listener);
      listeners.set(listener, call);
      this.#listeners.set(name, listeners);
      this.onListened();
    }

    return () => this.off(name, listener);
  }
}
