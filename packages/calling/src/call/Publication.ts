import type { MediaSource } from '@parley/protocol';
import { toCallError } from '../errors.ts';
import type { OutgoingMedia } from '../media/MediaPort.ts';
import type { Request } from '../signaling/request.ts';

/** One track being sent, known to the server. Its id stays when the transports it is sent over are lost. */
export interface Publication {
  readonly producerId: string;
  readonly isPaused: boolean;
  /** The packets stop at once; resolves when the others are told. */
  pause(): Promise<void>;
  /** Resolves when the packets flow again. */
  resume(): Promise<void>;
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  /** Idempotent; resolves when the server knows. */
  close(): Promise<void>;
  /** The server has paused it, and has told the others. */
  pausedByServer(): void;
  /** The server has ended it, and has told the others. */
  endedByServer(): void;
}

/** A track and what carries it at the moment. */
export interface Carried {
  readonly outgoing: OutgoingMedia;
  readonly track: MediaStreamTrack;
  readonly paused: boolean;
}

/** Whether a track may flow: `held` with the call it is sent in, whatever else is wanted of it. */
export type Hold = 'held' | 'free';

interface LivePublicationOptions {
  callId: string;
  producerId: string;
  source: MediaSource;
  request: Request;
  onClosed: () => void;
}

/** The publication as its publisher knows it. */
export class LivePublication implements Publication {
  readonly producerId: string;
  readonly source: MediaSource;
  readonly #options: LivePublicationOptions;
  #outgoing: OutgoingMedia;
  /** Whether `#outgoing` lets packets go; every change of that is a negotiation. */
  #isFlowing: boolean;
  #track: MediaStreamTrack;
  #state: 'sending' | 'paused' | 'closed';
  #hold: Hold;

  constructor(options: LivePublicationOptions, { outgoing, track, paused }: Carried, hold: Hold) {
    this.producerId = options.producerId;
    this.source = options.source;
    this.#options = options;
    this.#outgoing = outgoing;
    this.#isFlowing = !paused;
    this.#track = track;
    this.#state = paused ? 'paused' : 'sending';
    this.#hold = hold;
    this.#follow();
  }

  get track(): MediaStreamTrack {
    return this.#track;
  }

  get isPaused(): boolean {
    return this.#state === 'paused';
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  async pause(): Promise<void> {
    this.pausedByServer();
    await this.#ask('pauseProducer');
  }

  async resume(): Promise<void> {
    await this.#ask('resumeProducer');
    if (this.#state !== 'closed') {
      this.#state = 'sending';
      this.#follow();
    }
  }

  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const before = this.#track;
    this.#track = track;
    try {
      await this.#outgoing.replaceTrack(track);
    } catch (error) {
      this.#track = before;
      throw toCallError(error);
    }
  }

  async close(): Promise<void> {
    if (this.#state !== 'closed') {
      this.endedByServer();
      await this.#ask('closeProducer');
    }
  }

  pausedByServer(): void {
    if (this.#state !== 'closed') {
      this.#state = 'paused';
      this.#follow();
    }
  }

  /** Nothing of it leaves this page while it is held; the server knows of the hold by itself. */
  setHold(hold: Hold): void {
    this.#hold = hold;
    this.#follow();
  }

  endedByServer(): void {
    this.#state = 'closed';
    this.#outgoing.close();
    this.#options.onClosed();
  }

  async setLargestEncoding(index: number): Promise<void> {
    await this.#outgoing.setLargestEncoding(index);
  }

  /** It was produced again. What was asked of it meanwhile is made up for. */
  async carryOn({ outgoing, track, paused }: Carried): Promise<void> {
    this.#outgoing = outgoing;
    this.#isFlowing = !paused;
    if (this.#state === 'closed') {
      outgoing.close();
      await this.#ask('closeProducer');

      return;
    }
    this.#follow();
    if (track !== this.#track) {
      await outgoing.replaceTrack(this.#track);
    }
    if (this.isPaused !== paused) {
      await (this.isPaused ? this.pause() : this.resume());
    }
  }

  #follow(): void {
    const isFlowing = this.#state === 'sending' && this.#hold === 'free';
    if (this.#state === 'closed' || isFlowing === this.#isFlowing) {
      return;
    }
    this.#isFlowing = isFlowing;
    if (isFlowing) {
      this.#outgoing.resume();
    } else {
      this.#outgoing.pause();
    }
  }

  async #ask(name: 'pauseProducer' | 'resumeProducer' | 'closeProducer'): Promise<void> {
    const { callId, producerId, request } = this.#options;
    await request(name, { callId, producerId });
  }
}
