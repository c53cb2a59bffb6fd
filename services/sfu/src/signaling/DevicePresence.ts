import type { Endpoint, Presence } from '@parley/backplane';
import { SerialQueue } from '@parley/kit';

/** Whether one device can be found by others; what is said of it later counts later. */
export class DevicePresence {
  readonly #presence: Presence;
  readonly #endpoint: Endpoint;
  readonly #queue = new SerialQueue('presence of a device');

  constructor(presence: Presence, endpoint: Endpoint) {
    this.#presence = presence;
    this.#endpoint = endpoint;
  }

  enter(): Promise<void> {
    return this.#queue.push(() => this.#presence.enter(this.#endpoint));
  }

  /** Also when it has not entered. */
  leave(): Promise<void> {
    return this.#queue.push(() => this.#presence.leave(this.#endpoint));
  }
}
