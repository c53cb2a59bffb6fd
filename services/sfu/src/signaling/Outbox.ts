import type { Notification, NumberedNotification } from '@parley/protocol';

type Told = Notification | NumberedNotification;

/**
 * What leaves a connection unasked. While it is held, notifications wait in order: what happens in a call
 * after a client entered it must not overtake the answer with which the client learns of the call, and what a
 * request causes must not overtake the answer to it.
 */
export class Outbox {
  readonly #send: (notification: Told) => void;
  #waiting: Told[] | undefined;

  constructor(send: (notification: Told) => void) {
    this.#send = send;
  }

  notify(notification: Told): void {
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
