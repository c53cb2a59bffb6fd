import { createStateMachine, exponentialBackoff, retry, type Clock } from '@parley/kit';
import type { ConsumerInfo } from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import type { IncomingMedia, MediaSession } from '../media/MediaPort.ts';
import type { Subscription, Viewport } from '../streams/Subscription.ts';

/** Nobody asks again for what is being received already: a voice, a picture on the page. */
const policy = exponentialBackoff({ attempts: 6, firstDelayMs: 500, maxDelayMs: 8_000 });

const transitions = {
  expected: ['arriving', 'closed'],
  arriving: ['arriving', 'receiving', 'expected', 'closed'],
  receiving: ['arriving', 'expected', 'closed'],
  closed: [],
} as const;

/** What a reception asks of the server; each may be gathered with those of others. */
export interface ConsumerRequests {
  resume(consumerId: string): Promise<void>;
  pause(consumerId: string): Promise<void>;
  setViewport(consumerId: string, viewport: Viewport): Promise<void>;
  /** Never rejects: what cannot be closed on the server now is closed there with the connection. */
  close(consumerId: string): void;
}

export interface ReceptionOptions {
  /** `asked` for here; what is `unasked` the server brings by itself. */
  comes: 'asked' | 'unasked';
  /** Sound and picture of one group are played in step. */
  syncGroup: string;
  server: ConsumerRequests;
  /** Its waits are cut short when the call is over. */
  clock: Clock;
  onStreamChanged: () => void;
  onFailed: (error: CallError) => void;
  onClosed: () => void;
}

/**
 * One stream on its way to this page, over one consumer after the other: those before end with their transports, or
 * when the server does not forward the stream for a while.
 *
 *              a consumer came              set up
 *   expected ──────────────────► arriving ─────────► receiving
 *       ▲  ▲                       │  ▲                 │  │
 *       │  └── transports lost ────┘  └── another one ──┘  │
 *       └─────── transports lost, not forwarded any more ──┘        closed from each of them
 */
export class Reception implements Subscription {
  readonly #options: ReceptionOptions;
  readonly #machine = createStateMachine<keyof typeof transitions>({
    name: 'reception',
    initial: 'expected',
    transitions,
  });
  #consumerId: string | undefined;
  /** Of the present consumer. */
  #mid: string | undefined;
  #incoming: IncomingMedia | undefined;
  /** What came over the transports before, which is frozen until it comes again. */
  #left: IncomingMedia | undefined;
  #isFlowing = false;
  /** A picture that cannot be decrypted is not sent here: the browser would ask its sender for key frames in vain. */
  #isReadable = true;
  /** What the server does with the present consumer, as far as it was told; consumers begin paused. */
  #toldFlowing = false;
  #isTelling = false;
  #viewport: Viewport | undefined;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  get stream(): MediaStream | undefined {
    return (this.#incoming ?? this.#left)?.stream;
  }

  get flowing(): IncomingMedia | undefined {
    return this.#isFlowing && this.#toldFlowing ? this.#incoming : undefined;
  }

  get consumerId(): string | undefined {
    return this.#consumerId;
  }

  /** Undefined while nothing carries it. */
  get mid(): string | undefined {
    return this.#incoming === undefined ? undefined : this.#mid;
  }

  /** Not while it cannot be decrypted: that nothing comes then is no fault of the network. */
  get isFlowing(): boolean {
    return this.#wantsFlow;
  }

  get #wantsFlow(): boolean {
    return this.#isFlowing && this.#isReadable;
  }

  get isExpected(): boolean {
    return this.#machine.state === 'expected';
  }

  /** Nothing carries it, and the server brings it when it is asked to. */
  get isToBeAsked(): boolean {
    return this.isExpected && this.#options.comes === 'asked';
  }

  setFlowing(isFlowing: boolean): void {
    this.#isFlowing = isFlowing;
    void this.#tell();
  }

  setViewport(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#tellViewport();
  }

  /** A consumer carries it now, in place of any that did before; nothing happens when it is named again. */
  async arrive(consumer: ConsumerInfo, session: MediaSession): Promise<void> {
    if (consumer.id === this.#consumerId) {
      return;
    }
    const { server, syncGroup, onStreamChanged } = this.#options;
    this.#consumerId = consumer.id;
    this.#mid = consumer.rtpParameters.mid;
    this.#machine.go('arriving');
    const isPresent = (): boolean => this.#consumerId === consumer.id && this.#machine.state === 'arriving';
    try {
      this.#isReadable = true;
      const incoming = await session.receive(consumer, syncGroup, (isReadable) => {
        if (this.#consumerId === consumer.id) {
          this.#isReadable = isReadable;
          void this.#tell();
        }
      });
      if (!isPresent()) {
        incoming.close();

        return;
      }
      this.#incoming?.close();
      this.#incoming = incoming;
      this.#toldFlowing = false;
      this.#machine.go('receiving');
      this.#tellViewport();
      void this.#tell();
      onStreamChanged();
    } catch (error) {
      if (isPresent()) {
        server.close(consumer.id);
        this.fail(toCallError(error));
      }
    }
  }

  /** Nothing carries it any more; another consumer may come. */
  lose(): void {
    if (this.#machine.canGo('expected')) {
      this.#machine.go('expected');
      this.#release();
    }
  }

  /** The transports are lost, and with them what carried it, until `forgetLeft()` in sight. */
  leave(): void {
    if (this.#machine.canGo('expected')) {
      this.#machine.go('expected');
      this.#left = this.#incoming;
      this.#consumerId = undefined;
      this.#incoming = undefined;
    }
  }

  /** The transports before are closed. */
  forgetLeft(): void {
    const { stream } = this;
    this.#left = undefined;
    if (stream !== this.stream) {
      this.#options.onStreamChanged();
    }
  }

  /** It could not be had; its owner decides what becomes of it. */
  fail(error: CallError): void {
    this.lose();
    if (this.#machine.state !== 'closed') {
      this.#options.onFailed(error);
    }
  }

  close(): void {
    const consumerId = this.#consumerId;
    if (this.#end() && consumerId !== undefined) {
      this.#options.server.close(consumerId);
    }
  }

  closedByServer(): void {
    this.#end();
  }

  #end(): boolean {
    if (this.#machine.state === 'closed') {
      return false;
    }
    this.#machine.go('closed');
    this.#release();
    this.#options.onClosed();

    return true;
  }

  #release(): void {
    const { stream } = this;
    const incoming = this.#incoming;
    this.#consumerId = undefined;
    this.#incoming = undefined;
    this.#left = undefined;
    incoming?.close();
    if (stream !== undefined) {
      this.#options.onStreamChanged();
    }
  }

  #tellViewport(): void {
    if (
      this.#machine.state === 'receiving' &&
      this.#consumerId !== undefined &&
      this.#viewport !== undefined
    ) {
      // Told again with the next change; until then the layer is that of before.
      this.#options.server.setViewport(this.#consumerId, this.#viewport).catch(() => {});
    }
  }

  /** One loop at a time, so that the last word is the last to arrive. */
  async #tell(): Promise<void> {
    const { server, clock } = this.#options;
    if (this.#isTelling) {
      return;
    }
    this.#isTelling = true;
    while (this.#machine.state === 'receiving' && this.#toldFlowing !== this.#wantsFlow) {
      const consumerId = this.#consumerId;
      const isFlowing = this.#wantsFlow;
      const isPresent = (): boolean => this.#consumerId === consumerId && this.#wantsFlow === isFlowing;
      try {
        await retry(
          async () => {
            if (consumerId !== undefined && isPresent()) {
              await (isFlowing ? server.resume(consumerId) : server.pause(consumerId));
            }
          },
          {
            policy,
            isRetryable: (error) => isPresent() && error instanceof CallError && error.isRetryable,
            clock,
          },
        );
      } catch (error) {
        if (consumerId !== undefined && isPresent()) {
          this.#isTelling = false;
          server.close(consumerId);
          this.fail(toCallError(error));

          return;
        }
      }
      if (this.#consumerId === consumerId) {
        this.#toldFlowing = isFlowing;
      }
    }
    this.#isTelling = false;
  }
}
