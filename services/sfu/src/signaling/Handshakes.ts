import type { IncomingMessage } from 'node:http';
import { networkOf, type Clock } from '@parley/kit';
import { maxHandshakeBytes, ProtocolError } from '@parley/protocol';
import proxyAddr from 'proxy-addr';

const minuteMs = 60_000;

/** What Engine.IO calls a socket: a transport that has opened. */
export interface Transport {
  readonly request: IncomingMessage;
  once(event: 'close', listener: () => void): unknown;
  on(event: 'packet', listener: (packet: Packet) => void): unknown;
  off(event: 'packet', listener: (packet: Packet) => void): unknown;
}

interface Packet {
  type: string;
  readonly data?: unknown;
}

interface Handshake {
  readonly network: string;
  hasTried: boolean;
  /** Ends the transport when it brings more than a handshake has. */
  readonly onPacket: (packet: Packet) => void;
}

export interface HandshakesOptions {
  /** Handshakes of one address that may fail within a minute. */
  readonly failuresPerMinute: number;
  /** Transports of one address that may wait at a time. */
  readonly maxWaiting: number;
  /** Whose X-Forwarded-For names the client. */
  readonly trustedProxies: readonly string[];
  readonly clock: Clock;
}

/**
 * The transports that have opened and are not admitted yet, and how many of them came to nothing, by the network they
 * come from: no credential is needed to open one, and looking at a token costs more than making one up.
 */
export class Handshakes {
  readonly #options: HandshakesOptions;
  readonly #isTrusted: (address: string, hop: number) => boolean;
  readonly #open = new Map<Transport, Handshake>();
  readonly #waiting = new Map<string, number>();
  /** Of the present minute. */
  readonly #failed = new Map<string, number>();
  #minuteBeganAtMs: number;

  constructor(options: HandshakesOptions) {
    this.#options = options;
    this.#isTrusted = proxyAddr.compile([...options.trustedProxies]);
    this.#minuteBeganAtMs = options.clock.now();
  }

  /** Whether a transport may open for the request. */
  mayOpen(request: IncomingMessage): boolean {
    return (this.#waiting.get(this.#networkOf(request)) ?? 0) < this.#options.maxWaiting;
  }

  /** The transport waits from now on. One that closes before it is settled has failed. */
  open(transport: Transport): void {
    const network = this.#networkOf(transport.request);
    const onPacket = weigh(transport);
    this.#open.set(transport, { network, hasTried: false, onPacket });
    transport.on('packet', onPacket);
    add(this.#waiting, network, 1);
    transport.once('close', () => this.settle(transport, 'failed'));
  }

  /**
   * Before a token is looked at. Throws `too_many_requests` when too many of its network have failed, and when the
   * transport has brought another one before: each has one try.
   */
  try(transport: Transport): void {
    const handshake = this.#open.get(transport);
    if (handshake === undefined || handshake.hasTried) {
      throw new ProtocolError('too_many_requests', 'A connection has one try.');
    }
    handshake.hasTried = true;
    const secondsLeft = this.#secondsLeft();
    if ((this.#failed.get(handshake.network) ?? 0) >= this.#options.failuresPerMinute) {
      throw new ProtocolError(
        'too_many_requests',
        `Too many connections of this address were refused; wait ${secondsLeft} s.`,
      );
    }
  }

  /** `spared` is one that failed for the service's own reasons. Once settled it stays so. */
  settle(transport: Transport, outcome: 'admitted' | 'spared' | 'failed'): void {
    const handshake = this.#open.get(transport);
    if (handshake === undefined) {
      return;
    }
    this.#open.delete(transport);
    add(this.#waiting, handshake.network, -1);
    if (outcome === 'admitted') {
      // From here on its connection says what may come.
      transport.off('packet', handshake.onPacket);
    }
    if (outcome === 'failed') {
      this.#secondsLeft();
      add(this.#failed, handshake.network, 1);
    }
  }

  /** Of the present minute, which begins when it is first asked for. */
  #secondsLeft(): number {
    const nowMs = this.#options.clock.now();
    const elapsedMs = nowMs - this.#minuteBeganAtMs;
    // Before zero, the clock of the machine was set back.
    if (elapsedMs < 0 || elapsedMs >= minuteMs) {
      this.#minuteBeganAtMs = nowMs;
      this.#failed.clear();
    }

    return Math.ceil((this.#minuteBeganAtMs + minuteMs - nowMs) / 1000);
  }

  #networkOf(request: IncomingMessage): string {
    return networkOf(proxyAddr(request, this.#isTrusted));
  }
}

/** Before anybody looks into what has come, who sends it being unknown. */
function weigh(transport: Transport): (packet: Packet) => void {
  let bytes = 0;

  return (packet) => {
    bytes += typeof packet.data === 'string' ? Buffer.byteLength(packet.data) : 0;
    if (bytes > maxHandshakeBytes) {
      // As which Engine.IO has nothing to do with it.
      packet.type = 'noop';
      // Not closed, which would wait for its client to close it, too.
      transport.request.socket.destroy();
    }
  };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  const sum = (counts.get(key) ?? 0) + count;
  if (sum === 0) {
    counts.delete(key);
  } else {
    counts.set(key, sum);
  }
}
