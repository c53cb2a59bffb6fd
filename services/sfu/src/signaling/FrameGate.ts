import { ProtocolError, toWireError, type AnswerEnvelope } from '@parley/protocol';
import type { RequestRate } from './RequestRate.ts';

/** What a frame of one unit has at most: more than who enters a large call says of what they can receive. */
const bytesOfFirstUnit = 8192;

/** What it may have more for each unit more. */
const bytesOfUnit = 4096;

/** How an event begins that asks for an answer: its type, and the id the answer goes by. */
const answeredEvent = /^2(\d{1,16})\[/;

/** What an event has around the request. */
const wrapping = '["request",]'.length;

interface Packet {
  type: string;
  readonly data?: unknown;
}

/** The half of an Engine.IO socket that is seen here. */
export interface FrameCarrier {
  on(event: 'packet', listener: (packet: Packet) => void): unknown;
  write(data: string): unknown;
}

export interface FrameGateOptions {
  readonly carrier: FrameCarrier;
  readonly rate: RequestRate;
  /** The largest request. */
  readonly requestBytes: number;
  /** Requests that are under way. */
  readonly pending: () => number;
}

/**
 * Lets frames through to Socket.IO, which parses whatever reaches it: what is too large or more than its sender may ask
 * for is answered from its first characters and goes no further.
 */
export class FrameGate {
  readonly #options: FrameGateOptions;

  private constructor(options: FrameGateOptions) {
    this.#options = options;
  }

  static watch(options: FrameGateOptions): void {
    const gate = new FrameGate(options);
    options.carrier.on('packet', (packet) => {
      if (!gate.#lets(packet)) {
        // Engine.IO looks at the type only after its listeners have, and has nothing to do with one of that type.
        packet.type = 'noop';
      }
    });
  }

  #lets({ type, data }: Packet): boolean {
    const { rate } = this.#options;
    if (type !== 'message') {
      return rate.stray(1);
    }
    if (typeof data !== 'string') {
      // Binary: the decoder ends the connection without looking at it.
      return true;
    }
    const bytes = Buffer.byteLength(data);
    const units = 1 + Math.max(0, Math.ceil((bytes - bytesOfFirstUnit) / bytesOfUnit));

    // Of Socket.IO's own packets, in Engine.IO's messages, 2 is an event.
    return data.startsWith('2') ? this.#letsEvent(data, { bytes, units }) : rate.stray(units);
  }

  #letsEvent(data: string, { bytes, units }: { readonly bytes: number; readonly units: number }): boolean {
    const { carrier, pending, rate, requestBytes } = this.#options;
    const id = answeredEvent.exec(data)?.[1];

    try {
      rate.requireAny({ units, pending: pending(), isAnswered: id !== undefined });
      if (bytes - 1 - (id?.length ?? 0) - wrapping > requestBytes) {
        throw new ProtocolError('payload_too_large', `A request has at most ${requestBytes} bytes.`);
      }

      return true;
    } catch (error) {
      if (id !== undefined) {
        const answer: AnswerEnvelope = { ok: false, error: toWireError(error) };
        carrier.write(`3${id}${JSON.stringify([answer])}`);
      }

      return false;
    }
  }
}
