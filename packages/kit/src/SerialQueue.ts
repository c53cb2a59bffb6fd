/** The queue was closed before the task could start. */
export class QueueClosedError extends Error {
  override readonly name = 'QueueClosedError';

  constructor(queueName: string) {
    super(`The queue "${queueName}" is closed.`);
  }
}

/**
 * Runs asynchronous tasks one after another, in the order they were pushed.
 *
 * For steps that must not interleave: making a call for a room, negotiating a transport. A task that fails
 * rejects its own promise and the next one runs.
 */
export class SerialQueue {
  readonly #name: string;
  #tail: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Tasks pushed and not yet settled. */
  get pending(): number {
    return this.#pending;
  }

  push<T>(task: () => T | Promise<T>): Promise<T> {
    this.#pending += 1;
    const run = this.#tail.then(() => {
      if (this.#closed) {
        throw new QueueClosedError(this.#name);
      }

      return task();
    });
    this.#tail = run.then(
      () => this.#settle(),
      () => this.#settle(),
    );

    return run;
  }

  /** The running task finishes; those behind it reject with `QueueClosedError`. */
  close(): void {
    this.#closed = true;
  }

  #settle(): void {
    this.#pending -= 1;
  }
}
