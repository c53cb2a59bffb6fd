/** It sees to its own failures. */
type Task = () => Promise<unknown> | undefined;

/**
 * Carries out what one connection asks for, one after another in its order. What can be done at once is, when nothing is
 * under way: a promise for each request would cost more than most requests do.
 */
export class RequestQueue {
  readonly #waiting: Task[] = [];
  #isBusy = false;
  #isClosed = false;

  /** Requests that are under way, or wait for their turn. */
  get pending(): number {
    return this.#waiting.length + (this.#isBusy ? 1 : 0);
  }

  push(task: Task): void {
    this.#waiting.push(task);
    if (!this.#isBusy) {
      this.#isBusy = true;
      this.#goOn();
    }
  }

  /** What is under way finishes, and what waits is forgotten. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
  }

  #goOn(): void {
    for (
      let task = this.#waiting.shift();
      task !== undefined && !this.#isClosed;
      task = this.#waiting.shift()
    ) {
      const done = task();
      if (done !== undefined) {
        const goOn = (): void => this.#goOn();
        done.then(goOn, goOn);

        return;
      }
    }
    this.#isBusy = false;
  }
}
