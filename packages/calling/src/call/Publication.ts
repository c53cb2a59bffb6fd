import { SerialQueue } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import type { CallStream } from '../features/callFeatureTypes.ts';
import type { VideoEncodingOptions } from '../media/encodingTypes.ts';
import type { OutgoingMedia } from '../media/MediaPort.ts';
import type { Request } from '../signaling/request.ts';
import { pictureSizeOf, type PictureSize } from './pictureSize.ts';

/** One track being sent, known to the server. Its id stays when the transports it is sent over are lost. */
export interface Publication {
  readonly producerId: string;
  readonly isPaused: boolean;
  /** What it is encoded with at the moment, such as `VP8`. */
  readonly codec: string | undefined;
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
  readonly producerId: string;
  readonly track: MediaStreamTrack;
  /** Of the track's pictures, as the server knows it. */
  readonly size: PictureSize | undefined;
  /** As the server knows it. */
  readonly paused: boolean;
  /** Whether `outgoing` lets packets go. */
  readonly isFlowing: boolean;
}

/** Whether a track may flow: `held` with the call it is sent in, whatever else is wanted of it. */
export type Hold = 'held' | 'free';

interface LivePublicationOptions {
  callId: string;
  source: MediaSource;
  encoding: VideoEncodingOptions | undefined;
  request: Request;
  /** Has it send no more than the call may. */
  limit: (outgoing: OutgoingMedia | undefined) => Promise<void>;
  onClosed: () => void;
}

/** The publication as its publisher knows it. */
export class LivePublication implements Publication {
  readonly source: MediaSource;
  readonly encoding: VideoEncodingOptions | undefined;
  readonly #options: LivePublicationOptions;
  /** mediasoup-client compares with what it has negotiated last, so that two changes must not overlap. */
  readonly #encodingChanges = new SerialQueue('encodings');
  #producerId: string;
  /** Undefined while the transports are lost: what is asked of it then is made up for. */
  #outgoing: OutgoingMedia | undefined;
  /** Whether `#outgoing` lets packets go. */
  #isFlowing: boolean;
  #codec: string | undefined;
  #track: MediaStreamTrack;
  /** Of its pictures, as the server knows it. */
  #size: PictureSize | undefined;
  /** Undefined as long as all are wanted. */
  #largestEncoding: number | undefined;
  #state: 'sending' | 'paused' | 'closed';
  #hold: Hold;

  constructor(options: LivePublicationOptions, carried: Carried, hold: Hold) {
    const { outgoing, producerId, track, size, paused, isFlowing } = carried;
    this.source = options.source;
    this.encoding = options.encoding;
    this.#options = options;
    this.#producerId = producerId;
    this.#outgoing = outgoing;
    this.#codec = codecOf(outgoing);
    this.#isFlowing = isFlowing;
    this.#track = track;
    this.#size = size;
    this.#state = paused ? 'paused' : 'sending';
    this.#hold = hold;
    this.#follow();
  }

  get producerId(): string {
    return this.#producerId;
  }

  /** As it is sent now. */
  get streams(): CallStream[] {
    const mid = this.#outgoing?.rtpParameters.mid;
    const { source } = this;

    return mid === undefined
      ? []
      : [{ direction: 'send', mid, source, participant: undefined, isFlowing: this.#isFlowing }];
  }

  get isPaused(): boolean {
    return this.#state === 'paused';
  }

  get codec(): string | undefined {
    return this.#codec;
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
    const outgoing = this.#outgoing;
    this.#track = track;
    try {
      await outgoing?.replaceTrack(track);
      this.#tellSize();
      // What the limits leave of it depends on how large it is.
      this.encode().catch(() => {});
    } catch (error) {
      // What failed with its transports is made up for.
      if (outgoing === this.#outgoing) {
        // Unless another one came while it was tried.
        if (track === this.#track) {
          this.#track = before;
        }
        throw toCallError(error);
      }
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
    this.#outgoing?.close();
    this.#options.onClosed();
  }

  /** What is to be sent of it now. @throws CallError when it is closed. */
  wanted(): Pick<Carried, 'track' | 'paused'> {
    if (this.#state === 'closed') {
      throw new CallError('invalid_state', 'The stream was closed.');
    }

    return { track: this.#track, paused: this.isPaused };
  }

  /** Takes hold with the next `encode()`. */
  wantLargestEncoding(index: number): void {
    this.#largestEncoding = index;
  }

  /** Brings what is encoded in line with what is wanted. */
  async encode(): Promise<void> {
    await this.#encodingChanges.push(async () => {
      const outgoing = this.#outgoing;
      try {
        await this.#options.limit(outgoing);
        if (this.#largestEncoding !== undefined) {
          await outgoing?.setLargestEncoding(this.#largestEncoding);
        }
      } catch (error) {
        if (outgoing === this.#outgoing) {
          throw error;
        }
      }
    });
  }

  /** The transports are lost. What begins over others is wanted in all its encodings until something else is said. */
  lose(): void {
    // Whoever closes those transports may take their time: no encoder is to work for them until then.
    this.#outgoing?.pause();
    this.#outgoing = undefined;
    this.#largestEncoding = undefined;
  }

  /** It was produced again, as a rule under the id it had. What was asked of it meanwhile is made up for. */
  async carryOn({ outgoing, producerId, track, size, paused, isFlowing }: Carried): Promise<void> {
    this.#producerId = producerId;
    if (this.#state === 'closed') {
      outgoing.close();
      await this.#ask('closeProducer');

      return;
    }
    this.#outgoing = outgoing;
    this.#codec = codecOf(outgoing);
    this.#size = size;
    this.#isFlowing = isFlowing;
    this.#follow();
    if (track !== this.#track) {
      await this.replaceTrack(this.#track);
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
      this.#outgoing?.resume();
    } else {
      this.#outgoing?.pause();
    }
  }

  /** The others go on with the layer of before when that fails. */
  #tellSize(): void {
    const { callId, request } = this.#options;
    const size = pictureSizeOf(this.#track);
    if (this.#outgoing === undefined || size === undefined) {
      return;
    }
    if (size.width !== this.#size?.width || size.height !== this.#size.height) {
      this.#size = size;
      request('resizeProducer', { callId, producerId: this.#producerId, size }).catch(() => {});
    }
  }

  async #ask(name: 'pauseProducer' | 'resumeProducer' | 'closeProducer'): Promise<void> {
    const { callId, request } = this.#options;
    await request(name, { callId, producerId: this.#producerId });
  }
}

/** As the subtype of its MIME type names it (RFC 4855). */
function codecOf({ rtpParameters }: OutgoingMedia): string | undefined {
  return rtpParameters.codecs[0]?.mimeType.split('/')[1];
}
