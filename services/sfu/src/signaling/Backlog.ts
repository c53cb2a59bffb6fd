/** Room for what a client on a slow path is sent when it enters a large call. */
const maxBacklog = 4 * 1024 * 1024;

/** The half of an Engine.IO socket that is seen here. */
export interface Carrier {
  readonly transport: { readonly writable: boolean };
  on(event: 'packetCreate', listener: (packet: { readonly data?: unknown }) => void): unknown;
  on(event: 'flush', listener: () => void): unknown;
}

/**
 * What a client was sent and has not taken yet, in characters. Engine.IO keeps all of it, however much that is: a client
 * that asks and does not read would fill the memory of everybody.
 */
export class Backlog {
  readonly #carrier: Carrier;
  /** Handed to the transport, which is writable again once all of it has left. */
  #leaving = 0;
  /** Comes after that. */
  #queued = 0;

  private constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** @param onFull More is sent, though as much waits as may. What is sent at once may be larger than that. */
  static watch(carrier: Carrier, onFull: () => void): void {
    const backlog = new Backlog(carrier);
    carrier.on('packetCreate', ({ data }) => {
      if (backlog.#waiting > maxBacklog) {
        onFull();
      }
      backlog.#queued += typeof data === 'string' ? data.length : 0;
    });
    carrier.on('flush', () => {
      backlog.#leaving = backlog.#queued;
      backlog.#queued = 0;
    });
  }

  get #waiting(): number {
    return this.#carrier.transport.writable ? 0 : this.#leaving + this.#queued;
  }
}
