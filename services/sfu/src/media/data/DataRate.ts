import { TokenBucket, type Clock } from '@parley/kit';
import { dataRate } from '@parley/protocol';

export interface DataLimits {
  /** Messages a second of one participant over both channels. */
  readonly messagesPerSecond: number;
  /** Bytes a second of one participant over both channels. */
  readonly bytesPerSecond: number;
  /** Messages a second of all participants of one call: each goes to everyone. */
  readonly callMessagesPerSecond: number;
}

export const standardDataLimits: DataLimits = {
  ...dataRate,
  callMessagesPerSecond: 500,
};

/** How much one participant may send; a second's worth may come at once. */
export class DataRate {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor({ messagesPerSecond, bytesPerSecond }: DataLimits, clock: Clock) {
    this.#messages = new TokenBucket({ capacity: messagesPerSecond, perSecond: messagesPerSecond, clock });
    this.#bytes = new TokenBucket({ capacity: bytesPerSecond, perSecond: bytesPerSecond, clock });
  }

  allows(bytes: number): boolean {
    return this.#messages.take() === 0 && this.#bytes.take(bytes) === 0;
  }
}
