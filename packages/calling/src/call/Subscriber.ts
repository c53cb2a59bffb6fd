import { InterruptibleClock, type Clock, type Timer } from '@parley/kit';
import type { ConsumerInfo } from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import type { MediaSession } from '../media/MediaPort.ts';
import type { Request } from '../signaling/request.ts';
import type { Subscription, SubscriptionListener, Viewport } from '../streams/Subscription.ts';
import { Batch } from './Batch.ts';
import { Reception, type ConsumerRequests, type ReceptionOptions } from './Reception.ts';

/** The most ids one request of the protocol may name. */
const maxIds = 100;

/** How long a picture that was expected may wait for somebody who shows it. */
const unclaimedMs = 5_000;

interface SubscriberOptions {
  callId: string;
  session: MediaSession;
  request: Request;
  clock: Clock;
}

interface Wanted extends SubscriptionListener, Pick<ReceptionOptions, 'syncGroup' | 'comes'> {
  /** The producer, or the slot. */
  readonly producerId: string;
}

export interface ReceivedStream {
  /** The producer, or the slot. */
  readonly producerId: string;
  readonly mid: string;
  readonly isFlowing: boolean;
}

interface ViewportOf {
  readonly consumerId: string;
  readonly viewport: Viewport;
}

/**
 * Receives the streams of one call, over one session after the other when transports are lost: the server remembers what
 * is received and brings the consumers of the new session unasked.
 */
export class Subscriber {
  readonly #callId: string;
  readonly #request: Request;
  readonly #clock: Clock;
  /** Of the receptions' retries. */
  readonly #waits: InterruptibleClock;
  /** By producer. */
  readonly #receptions = new Map<string, Reception>();
  /** Consumers that came unasked, by producer, until somebody wants them. */
  readonly #unclaimed = new Map<string, ConsumerInfo>();
  /** Producers asked for, until the answer. */
  readonly #asking = new Set<string>();
  /** Consumers that the server is being asked to close. */
  readonly #closing = new Set<string>();
  readonly #consuming: Batch<string, ConsumerInfo | 'unavailable' | undefined>;
  readonly #server: ConsumerRequests;
  #session: MediaSession | undefined;
  #sweep: Timer | undefined;

  constructor({ callId, session, request, clock }: SubscriberOptions) {
    this.#callId = callId;
    this.#request = request;
    this.#clock = clock;
    this.#waits = new InterruptibleClock(clock);
    this.#session = session;
    this.#consuming = new Batch(maxIds, async (producerIds) => {
      const { consumers, unavailable = [] } = await request('consume', { callId, producerIds });

      return (producerId) =>
        unavailable.includes(producerId)
          ? 'unavailable'
          : consumers.find((consumer) => consumer.producerId === producerId);
    });
    this.#server = this.#requests();
  }

  /** What arrives now; of the slots, under their ids. */
  get received(): ReceivedStream[] {
    return [...this.#receptions].flatMap(([producerId, { mid, isFlowing }]) =>
      mid === undefined ? [] : [{ producerId, mid, isFlowing }],
    );
  }

  subscribe(wanted: Wanted): Subscription {
    const { producerId, syncGroup, comes } = wanted;
    const reception = new Reception({
      syncGroup,
      comes,
      server: this.#server,
      clock: this.#waits,
      onStreamChanged: () => wanted.onStreamChanged(),
      onFailed: (error) => wanted.onFailed(error),
      onClosed: () => {
        if (this.#receptions.get(producerId) === reception) {
          this.#receptions.delete(producerId);
        }
      },
    });
    this.#receptions.set(producerId, reception);
    const unclaimed = this.#unclaimed.get(producerId);
    if (unclaimed !== undefined) {
      this.#unclaimed.delete(producerId);
      this.#arrive(reception, unclaimed);
    } else if (comes === 'asked') {
      void this.#ask(producerId);
    }

    return reception;
  }

  /** The server forwards these from now on, paused. */
  add(consumers: readonly ConsumerInfo[]): void {
    for (const consumer of consumers) {
      const reception = this.#receptions.get(consumer.producerId);
      if (reception === undefined) {
        this.#unclaimed.set(consumer.producerId, consumer);
      } else {
        this.#arrive(reception, consumer);
      }
    }
    if (this.#unclaimed.size > 0) {
      this.#sweep ??= this.#clock.schedule(unclaimedMs, () => this.#closeUnclaimed());
    }
  }

  /** The server forwards these no more. */
  remove(consumerIds: readonly string[]): void {
    const gone = new Set(consumerIds);
    for (const reception of this.#receptions.values()) {
      if (reception.consumerId !== undefined && gone.has(reception.consumerId)) {
        reception.lose();
      }
    }
    for (const [producerId, { id }] of this.#unclaimed) {
      if (gone.has(id)) {
        this.#unclaimed.delete(producerId);
      }
    }
  }

  /** The server forwards these and no others. */
  follow(consumers: readonly ConsumerInfo[]): void {
    const present = new Set(consumers.map(({ id }) => id));
    this.remove(this.#consumerIds.filter((id) => !present.has(id)));
    this.add(consumers.filter(({ id }) => !this.#closing.has(id)));
  }

  /** The transports were lost and these are there instead, with what the server has made for them already. */
  moveTo(session: MediaSession, consumers: readonly ConsumerInfo[]): void {
    this.#session = session;
    this.#unclaimed.clear();
    for (const reception of this.#receptions.values()) {
      reception.leave();
    }
    this.add(consumers);
  }

  /** The transports before are closed: nothing is to be seen of what came over them. */
  forgetLeft(): void {
    for (const reception of this.#receptions.values()) {
      reception.forgetLeft();
    }
  }

  /** The server may have forgotten what was asked of it: asks for all that has not come by itself. */
  askAgain(): void {
    for (const [producerId, reception] of this.#receptions) {
      if (reception.isToBeAsked) {
        void this.#ask(producerId);
      }
    }
  }

  /** Nothing is received any more. Idempotent. */
  close(): void {
    this.#session = undefined;
    this.#sweep?.cancel();
    for (const reception of this.#receptions.values()) {
      reception.closedByServer();
    }
    this.#unclaimed.clear();
    this.#waits.interrupt();
  }

  get #consumerIds(): string[] {
    const received = [...this.#receptions.values()].flatMap(({ consumerId }) => consumerId ?? []);

    return [...received, ...[...this.#unclaimed.values()].map(({ id }) => id)];
  }

  async #ask(producerId: string): Promise<void> {
    if (this.#asking.has(producerId)) {
      return;
    }
    this.#asking.add(producerId);
    try {
      const session = this.#session;
      const consumer = await this.#consuming.push(producerId);
      this.#asking.delete(producerId);
      const reception = this.#receptions.get(producerId);
      if (session !== this.#session) {
        // Perhaps of the transports before.
        if (reception?.isExpected === true) {
          void this.#ask(producerId);
        }
      } else if (consumer === 'unavailable') {
        reception?.fail(new CallError('not_supported', 'The stream cannot be received here.'));
      } else if (consumer !== undefined && reception === undefined) {
        this.#server.close(consumer.id);
      } else if (consumer !== undefined && reception?.isExpected === true) {
        this.#arrive(reception, consumer);
      }
    } catch (error) {
      this.#asking.delete(producerId);
      this.#receptions.get(producerId)?.fail(toCallError(error));
    }
  }

  #arrive(reception: Reception, consumer: ConsumerInfo): void {
    if (this.#session !== undefined) {
      void reception.arrive(consumer, this.#session);
    }
  }

  /** Sound waits for as long as it takes: whose it is may be told later. */
  #closeUnclaimed(): void {
    this.#sweep = undefined;
    for (const [producerId, { id, kind }] of this.#unclaimed) {
      if (kind === 'video') {
        this.#unclaimed.delete(producerId);
        this.#server.close(id);
      }
    }
  }

  #requests(): ConsumerRequests {
    const callId = this.#callId;
    const request = this.#request;
    const assertOpen = (): void => {
      if (this.#session === undefined) {
        throw new CallError('invalid_state', 'The call has ended.');
      }
    };
    const tell = (name: 'resumeConsumers' | 'pauseConsumers' | 'closeConsumers'): Batch<string, void> =>
      new Batch(maxIds, async (consumerIds) => {
        assertOpen();
        await request(name, { callId, consumerIds });

        return () => {};
      });
    const resuming = tell('resumeConsumers');
    const pausing = tell('pauseConsumers');
    const closing = tell('closeConsumers');
    const viewing = new Batch<ViewportOf, void>(maxIds, async (viewports) => {
      assertOpen();
      const latest = new Map(viewports.map(({ consumerId, viewport }) => [consumerId, viewport]));
      await request('setViewports', {
        callId,
        viewports: [...latest].map(([consumerId, viewport]) => ({ consumerId, ...viewport })),
      });

      return () => {};
    });

    return {
      resume: (consumerId) => resuming.push(consumerId),
      pause: (consumerId) => pausing.push(consumerId),
      setViewport: (consumerId, viewport) => viewing.push({ consumerId, viewport }),
      close: (consumerId) => {
        this.#closing.add(consumerId);
        void closing
          .push(consumerId)
          .catch(() => {})
          .finally(() => this.#closing.delete(consumerId));
      },
    };
  }
}
