import { TokenBucket, type Clock } from '@parley/kit';
import type { types } from 'mediasoup';
import type { DirectSite } from '../DirectSite.ts';
import { soundAllowance } from '../SendingLimit.ts';
import { RecentPackets } from './RecentPackets.ts';
import type { Voice } from './Voice.ts';

export interface HeardMicrophoneOptions {
  readonly site: DirectSite;
  readonly producer: types.Producer;
  readonly voice: Voice;
  readonly clock: Clock;
  readonly onPacket: (microphone: HeardMicrophone, packet: Buffer) => void;
  /** It is not heard any more, until it is sent anew. */
  readonly onMuted: () => void;
}

/**
 * Brings the packets of one microphone into this process. While it is muted there is no consumer: it would cost the
 * worker something, and have nothing to hear. Nor is there one for a microphone of more packets than there is sound in:
 * those would all come to this process before the limit of what is sent ends it.
 */
export class HeardMicrophone {
  readonly voice: Voice;
  /** What came while nobody was to hear it. */
  readonly recent = new RecentPackets();
  readonly #options: HeardMicrophoneOptions;
  readonly #packets: TokenBucket;
  #hearing: Promise<types.Consumer> | undefined;

  constructor(options: HeardMicrophoneOptions) {
    this.#options = options;
    this.voice = options.voice;
    const { producer, clock } = options;
    const { perSecond, atOnce } = soundAllowance;
    this.#packets = new TokenBucket({ capacity: atOnce, perSecond, clock });
    producer.observer.on('pause', this.#fallSilent);
    producer.observer.on('resume', this.#start);
    if (!producer.paused && !producer.closed) {
      this.#start();
    }
  }

  /** Idempotent. */
  close(): void {
    const { producer } = this.#options;
    producer.observer.off('pause', this.#fallSilent);
    producer.observer.off('resume', this.#start);
    this.#stop();
  }

  readonly #start = (): void => {
    if (this.#hearing !== undefined) {
      return;
    }
    const hearing = this.#listen();
    this.#hearing = hearing;
    hearing.then(
      (consumer) => this.#use(consumer, hearing),
      // The producer, or the worker, is gone, which is told elsewhere.
      () => {},
    );
  };

  readonly #stop = (): void => {
    const hearing = this.#hearing;
    this.#hearing = undefined;
    hearing?.then(
      (consumer) => consumer.close(),
      () => {},
    );
  };

  readonly #fallSilent = (): void => {
    this.#stop();
    this.#options.onMuted();
  };

  #use(consumer: types.Consumer, hearing: Promise<types.Consumer>): void {
    if (this.#hearing === hearing) {
      consumer.on('rtp', (packet) => this.#hear(packet));
    } else {
      consumer.close();
    }
  }

  #hear(packet: Buffer): void {
    if (this.#hearing === undefined) {
      return;
    }
    if (this.#packets.take() === 0) {
      this.#options.onPacket(this, packet);
    } else {
      this.#fallSilent();
    }
  }

  async #listen(): Promise<types.Consumer> {
    const { site, producer } = this.#options;
    const transport = await site.directTransport();

    return transport.consume({ producerId: producer.id, rtpCapabilities: site.router.rtpCapabilities });
  }
}
