import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP relay before a server, by which a test takes the server away: cut off, or silent while it still accepts. */
export class Relay {
  #target: URL;
  /** Both ends of every connection. */
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #isFrozen = false;

  private constructor(target: URL) {
    this.#target = target;
  }

  static async to(url: string): Promise<Relay> {
    const relay = new Relay(new URL(url));
    await relay.join();

    return relay;
  }

  /** The target's URL, by way of the relay. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);

    return url.href;
  }

  /** Accepts connections again, on the same port; before another server, where one is named. */
  async join(url?: string): Promise<void> {
    this.#target = url === undefined ? this.#target : new URL(url);
    this.#server = createServer((client) => this.#connect(client)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes every connection and refuses new ones. */
  async cut(): Promise<void> {
    const closed = this.#server?.listening === true ? once(this.#server, 'close') : undefined;
    this.#server?.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }

  /** From here on nothing gets through, though connections are accepted and stay open. */
  freeze(): void {
    this.#isFrozen = true;
    for (const socket of this.#sockets) {
      socket.pause();
    }
  }

  /** Lets everything through, also what was held back. */
  thaw(): void {
    this.#isFrozen = false;
    for (const socket of this.#sockets) {
      socket.resume();
    }
  }

  #connect(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('data', (bytes) => other.write(bytes));
      one.on('error', () => {});
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      if (this.#isFrozen) {
        one.pause();
      }
    }
  }
}
