import { Emitter, type Disposable, type EventMap, type Listener } from '@parley/kit';

/**
 * What every object of the SDK that changes can do.
 *
 * Property events (`stateChanged`) fire after the property has its new value and carry nothing; collection
 * events (`remoteParticipantsUpdated`) carry `{ added, removed }`. A listener that throws breaks nobody: its
 * error reaches the page's own error reporting.
 */
export interface Observable<Events extends EventMap> {
  /** Calls `listener` on every such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable;
  /** Like `on`, for the next event only. */
  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable;
  /** Calls `listener` no more on that event; does nothing when it was not called before. */
  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void;
}

/** What has come into a collection and what has gone. */
export interface CollectionUpdate<T> {
  /** Those that have come. */
  readonly added: readonly T[];
  /** Those that have gone. */
  readonly removed: readonly T[];
}

/** The emitting side of `Observable`, for the classes behind the public interfaces. */
export class EventSource<Events extends EventMap> implements Observable<Events> {
  readonly #emitter = new Emitter<Events>();

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    return this.#emitter.on(name, listener);
  }

  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    return this.#emitter.once(name, listener);
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    this.#emitter.off(name, listener);
  }

  protected emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    this.#emitter.emit(name, ...args);
  }
}
