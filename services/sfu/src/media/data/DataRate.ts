import { TokenBucket, type Clock } from '@parley/kit';
import { dataRate } from '@parley/protocol';

export interface DataLimits {
  /** Messages a second of one user over both channels, from all of their devices in the call. */
  readonly messagesPerSecond: number;
  /** Bytes a second of one user over both channels, from all of their devices in the call. */
  readonly bytesPerSecond: number;
  /** Messages a second of all participants of one call: each goes to everyone. */
  readonly callMessagesPerSecond: number;
}

export const standardDataLimits: DataLimits = {
  ...dataRate,
  callMessagesPerSecond: 500,
};

/** What is dropped has cost this process its reception: who goes on like this does not do it by mistake. */
const maxDropsPerSecond = 1_000;
const maxDropsAtOnce = 5_000;

/** How much of what one participant sends may be dropped. */
export class DropRate {
  readonly #drops: TokenBucket;

  constructor(clock: Clock) {
    this.#drops = new TokenBucket({ capacity: maxDropsAtOnce, perSecond: maxDropsPerSecond, clock });
  }

  /** One more message is dropped; answers whether that can be put up with. */
  add(): 'bearable' | 'flood' {
    return this.#drops.take() === 0 ? 'bearable' : 'flood';
  }
}

/** How much one user may send; a second's worth may come at once. */
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
