import type { ConsumerInfo } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { MediaSession } from '../media/MediaPort.ts';
import type { Request } from '../signaling/Connection.ts';
import type { Subscription } from '../streams/Subscription.ts';
import { Batch } from './Batch.ts';

/** The most ids one request of the protocol may name. */
const maxIds = 100;

/** Receives the streams of one call. */
export class Subscriber {
  readonly #session: MediaSession;
  readonly #consuming: Batch<string, ConsumerInfo | undefined>;
  readonly #resuming: Batch<string, void>;
  readonly #pausing: Batch<string, void>;
  readonly #closing: Batch<string, void>;

  constructor(callId: string, session: MediaSession, request: Request) {
    this.#session = session;
    this.#consuming = new Batch(maxIds, async (producerIds) => {
      const { consumers } = await request('consume', { callId, producerIds });

      return (producerId) => consumers.find((consumer) => consumer.producerId === producerId);
    });
    const tell = (name: 'resumeConsumers' | 'pauseConsumers' | 'closeConsumers'): Batch<string, void> =>
      new Batch(maxIds, async (consumerIds) => {
        await request(name, { callId, consumerIds });

        return () => {};
      });
    this.#resuming = tell('resumeConsumers');
    this.#pausing = tell('pauseConsumers');
    this.#closing = tell('closeConsumers');
  }

  /** @throws CallError `not_found` when the stream has gone or this browser cannot decode it. */
  async subscribe(producerId: string, syncGroup: string): Promise<Subscription> {
    const consumer = await this.#consuming.push(producerId);
    if (consumer === undefined) {
      throw new CallError('not_found', 'The stream is no longer there.');
    }
    const { id } = consumer;
    // What cannot be closed on the server now is closed there with the connection.
    const closeOnServer = (): void => void this.#closing.push(id).catch(() => {});
    try {
      const incoming = await this.#session.receive(consumer, syncGroup);

      return {
        stream: incoming.stream,
        resume: () => this.#resuming.push(id),
        pause: () => this.#pausing.push(id),
        close: () => {
          incoming.close();
          closeOnServer();
        },
        closedByServer: () => incoming.close(),
      };
    } catch (error) {
      closeOnServer();
      throw error;
    }
  }
}
