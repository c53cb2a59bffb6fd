import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface LoadOptions {
  readonly url: string;
  /** The request of that number, whole, as it goes over the wire. */
  readonly requestOf: (index: number) => string;
  readonly expectedStatus: number;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** Requests answered. */
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Sends requests over HTTP connections that are kept open, each its next one when the last was answered. Bytes and
 * sockets only: the generator shares its core with PostgreSQL, and an HTTP client would cost as much as the server.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port } = new URL(options.url);
  const sockets = Array.from({ length: options.connections }, () => connect(Number(port), hostname));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const durations: number[] = [];
  let sent = 0;

  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1000;
  await Promise.all(
    sockets.map(async (socket) => {
      const answers = new Answers(socket);
      while (performance.now() < endsAt) {
        const sentAt = performance.now();
        socket.write(options.requestOf(sent));
        sent += 1;
        const status = await answers.next();
        if (status !== options.expectedStatus) {
          throw new Error(`${options.url} answered ${status}.`);
        }
        durations.push(performance.now() - sentAt);
      }
      socket.destroy();
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  const sorted = durations.toSorted((left, right) => left - right);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;

  const count = durations.length;

  return { count, perSecond: (count / elapsedMs) * 1000, p50Ms: rank(0.5), p99Ms: rank(0.99) };
}

/** The answers on one connection, one at a time. */
class Answers {
  #text = '';
  #wake: ((status: number) => void) | undefined;

  constructor(socket: Socket) {
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      this.#text += chunk;
      this.#deliver();
    });
  }

  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** An answer is whole when its head is, and as many bytes after it as that says. */
  #deliver(): void {
    const headEnd = this.#text.indexOf('\r\n\r\n');
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#text)?.[1];
    if (headEnd < 0 || length === undefined || this.#text.length < headEnd + 4 + Number(length)) {
      return;
    }
    const status = Number(this.#text.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3));
    this.#text = '';
    this.#wake?.(status);
  }
}
