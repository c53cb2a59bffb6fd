import type { Notification } from '@parley/protocol';

/**
 * What leaves a connection unasked. While it is held, notifications wait in order: what happens in a call
 * after a client entered it must not overtake the answer with which the client learns of the call, and what a
 * request causes must not overtake the answer to it.
 */
export class Outbox {
  readonly #send: (notification: Notification) => void;
  #waiting: Notification[] | undefined;

  constructor(send: (notification: Notification) => void) {
    this.#send = send;
  }

  notify(notification: Notification): void {
    if (this.#waiting === undefined) {
      this.#send(notification);
    } else {
      this.#waiting.push(notification);
    }
  }

  hold(): void {
    this.#waiting ??= [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const notification of waiting) {
      this.#send(notification);
    }
  }
}
