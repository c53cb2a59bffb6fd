import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface SlowPathOptions {
  readonly address: string;
  /** Of every packet, each way. */
  readonly delayMs: number;
  /** Of the servers that the path leads to. */
  readonly ports: { readonly tcp: readonly number[]; readonly udp: readonly number[] };
}

/** A way to this host on which everything takes a while, for machines led onto it: kernels without netem cannot delay. */
export class SlowPath implements AsyncDisposable {
  /** The beginning of the path, by the port of the server at its end. */
  readonly entrances = new Map<number, number>();
  readonly #options: SlowPathOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Socket>();
  readonly #sockets: UdpSocket[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(options: SlowPathOptions) {
    this.#options = options;
  }

  static async create(options: SlowPathOptions): Promise<SlowPath> {
    const path = new SlowPath(options);
    await Promise.all([
      ...options.ports.tcp.map((port) => path.#relayTcp(port)),
      ...options.ports.udp.map((port) => path.#relayUdp(port)),
    ]);

    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#connections.forEach((connection) => connection.destroy());
    this.#servers.forEach((server) => server.close());
    this.#sockets.forEach((socket) => socket.close());
  }

  async #relayTcp(port: number): Promise<void> {
    const { address } = this.#options;
    const server = createServer((near) => {
      const far = connect(port, address);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#connections.add(one);
        one.on('data', (bytes) => this.#later(() => other.write(bytes)));
        one.on('error', () => {});
        one.once('close', () => {
          this.#connections.delete(one);
          this.#later(() => other.destroy());
        });
      }
    });
    server.listen(0, address);
    this.#servers.push(server);
    await once(server, 'listening');
    this.entrances.set(port, (server.address() as AddressInfo).port);
  }

  /** To the server each client has a port of its own, as behind a router. */
  async #relayUdp(port: number): Promise<void> {
    const { address } = this.#options;
    const ports = new Map<string, UdpSocket>();
    const near = this.#socket();
    const farOf = (client: RemoteInfo): UdpSocket => {
      const key = `${client.address}:${client.port}`;
      const known = ports.get(key);
      if (known !== undefined) {
        return known;
      }
      const far = this.#socket();
      far.on('message', (packet) => this.#later(() => near.send(packet, client.port, client.address)));
      ports.set(key, far);

      return far;
    };
    near.on('message', (packet, client) => {
      const far = farOf(client);
      this.#later(() => far.send(packet, port, address));
    });
    near.bind(0, address);
    await once(near, 'listening');
    this.entrances.set(port, near.address().port);
  }

  #socket(): UdpSocket {
    const socket = createSocket('udp4');
    // Nobody listens, or the way there is gone: packets get lost.
    socket.on('error', () => {});
    this.#sockets.push(socket);

    return socket;
  }

  #later(task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, this.#options.delayMs);
    this.#timers.add(timer);
  }
}
