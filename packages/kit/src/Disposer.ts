/** Undoes one thing; `Emitter.on` returns one. */
export type Disposable = () => void;

/**
 * Collects clean-ups and runs them once, the newest first.
 *
 * A clean-up added after `dispose()` runs at once, so a race between building and closing leaks nothing.
 * One that throws does not keep the others from running; the first error is rethrown at the end.
 */
export class Disposer {
  #cleanups: Disposable[] | undefined = [];

  get disposed(): boolean {
    return this.#cleanups === undefined;
  }

  add(cleanup: Disposable): void {
    if (this.#cleanups === undefined) {
      cleanup();
    } else {
      this.#cleanups.push(cleanup);
    }
  }

  dispose(): void {
    const cleanups = this.#cleanups ?? [];
    this.#cleanups = undefined;

    const errors: unknown[] = [];
    for (const cleanup of cleanups.toReversed()) {
      try {
        cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }
}
