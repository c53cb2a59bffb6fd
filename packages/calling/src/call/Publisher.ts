import { exponentialBackoff, InterruptibleClock, retry, type Clock } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';
import { CallError, refusedForMs, toCallError } from '../errors.ts';
import type { CallStream } from '../features/callFeatureTypes.ts';
import type { Logger } from '../logger.ts';
import type { VideoEncodingOptions } from '../media/encodingTypes.ts';
import type { MediaSession, OutgoingMedia } from '../media/MediaPort.ts';
import { limitsOf, type CallLimits } from '../media/sendLimits.ts';
import type { Request } from '../signaling/request.ts';
import { pictureSizeOf } from './pictureSize.ts';
import { LivePublication, type Carried, type Hold, type Publication } from './Publication.ts';

/** Nobody asks again for what is on already, or began with the call: it is tried for as long as somebody may wait. */
const producePolicy = exponentialBackoff({ attempts: 6, firstDelayMs: 500, maxDelayMs: 8_000 });

/** What is sent over: a session, and its send transport's id as the server knows it. */
export interface SendPath {
  readonly session: MediaSession;
  readonly transportId: string;
}

interface PublisherOptions {
  callId: string;
  path: SendPath;
  request: Request;
  clock: Clock;
  logger: Logger;
  /** The server did not take it again after its transport was lost: it is not sent any more. */
  onLost: (producerId: string) => void;
}

/** What a stream is, whatever carries it. */
type Sent = Pick<LivePublication, 'source' | 'encoding'>;

/** What is to be sent now. Throws when nothing is any more. */
type Wanted = () => Pick<Carried, 'track' | 'paused'>;

/**
 * Sends the streams of one call, over one session after the other when transports are lost. Every rejection, those of
 * its publications too, is a `CallError`.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #clock: InterruptibleClock;
  readonly #publications = new Set<LivePublication>();
  /** Those on their way to the present session. */
  readonly #moving = new Set<LivePublication>();
  #path: SendPath | undefined;
  #hold: Hold = 'free';
  #limits: CallLimits = {};

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#clock = new InterruptibleClock(options.clock);
    this.#path = options.path;
  }

  /** Of all that is sent, as far as the server has taken it. */
  get producerIds(): string[] {
    return [...this.#publications].map(({ producerId }) => producerId);
  }

  /** What is sent now. */
  get streams(): CallStream[] {
    return [...this.#publications].flatMap(({ streams }) => streams);
  }

  /** @throws CallError `forbidden` when the role may not send this source. */
  async publish(
    source: MediaSource,
    track: MediaStreamTrack,
    paused = false,
    encoding?: VideoEncodingOptions,
  ): Promise<Publication> {
    const { callId, request } = this.#options;
    const produced = await this.#produce({ source, encoding }, () => ({ track, paused }));
    const publication: LivePublication = new LivePublication(
      {
        callId,
        source,
        encoding,
        request,
        limit: (outgoing) => this.#limit(source, outgoing),
        onClosed: () => {
          this.#publications.delete(publication);
          this.#share();
        },
      },
      produced,
      this.#hold,
    );
    this.#publications.add(publication);
    // The limits may be others since it was produced.
    void this.#encode(publication);
    this.#share();

    return publication;
  }

  /** The transports were lost and these are there instead: sends everything over them, under the ids it has. */
  moveTo(path: SendPath): void {
    this.#path = path;
    for (const publication of this.#publications) {
      publication.lose();
      if (!this.#moving.has(publication)) {
        void this.#move(publication);
      }
    }
  }

  /** Nothing leaves this page while the call is held. */
  setHold(hold: Hold): void {
    this.#hold = hold;
    for (const publication of this.#publications) {
      publication.setHold(hold);
    }
  }

  /** Resolves when they hold for all that is sent; they hold for what comes later, too. */
  async setLimits(limits: CallLimits): Promise<void> {
    this.#limits = limits;
    await Promise.all([...this.#publications].map((publication) => this.#encode(publication)));
  }

  /** Somebody wants these encodings, the smallest first, and nobody those that are larger than all of them. */
  async setWantedEncodings(producerId: string, wanted: readonly boolean[]): Promise<void> {
    for (const publication of this.#publications) {
      if (publication.producerId === producerId) {
        publication.wantLargestEncoding(wanted.lastIndexOf(true));
        await this.#encode(publication);
      }
    }
  }

  /** Nothing is sent any more. Idempotent. */
  close(): void {
    this.#path = undefined;
    this.#clock.interrupt();
  }

  async #move(publication: LivePublication): Promise<void> {
    try {
      await publication.carryOn(await this.#produceAgain(publication));
      await this.#encode(publication);
    } catch (error) {
      // One whose transport was lost once more is on its way again.
      if (this.#path !== undefined && !publication.isClosed && !this.#moving.has(publication)) {
        const { producerId, source } = publication;
        const { code } = toCallError(error);
        this.#options.logger.warn('a stream was not taken again', { producerId, source, code });
        this.#options.onLost(producerId);
      }
    }
  }

  async #produceAgain(publication: LivePublication): Promise<Carried> {
    this.#moving.add(publication);
    try {
      return await this.#produce(publication, () => publication.wanted());
    } finally {
      this.#moving.delete(publication);
    }
  }

  /** With each stream that begins or ends, the others have another share of what there is in total. */
  #share(): void {
    if (this.#limits.send?.bitrate !== undefined) {
      void this.setLimits(this.#limits);
    }
  }

  async #limit(source: MediaSource, outgoing: OutgoingMedia | undefined): Promise<void> {
    const sources = [source, ...[...this.#publications].map((publication) => publication.source)];
    // Without limits, too: how a picture is encoded depends on how large it is now.
    await outgoing?.setLimits(limitsOf(source, this.#limits, sources) ?? {});
  }

  async #encode(publication: LivePublication): Promise<void> {
    try {
      await publication.encode();
    } catch (error) {
      const { producerId } = publication;
      this.#options.logger.warn('encodings were not changed', {
        producerId,
        code: toCallError(error).code,
      });
    }
  }

  /** Tries again what the server could not do at the moment, as when a media worker has died. */
  async #produce(stream: Sent, wanted: Wanted): Promise<Carried> {
    return retry(() => this.#produceNow(stream, wanted), {
      policy: producePolicy,
      isRetryable: (error) => this.#path !== undefined && toCallError(error).isRetryable,
      leastDelayMs: refusedForMs,
      clock: this.#clock,
    });
  }

  /** Over the session that is the present one when it is done. */
  async #produceNow(stream: Sent, wanted: Wanted): Promise<Carried> {
    for (;;) {
      const path = this.#path;
      if (path === undefined) {
        throw new CallError('invalid_state', 'The call has ended.');
      }
      try {
        const produced = await this.#produceOver(path, stream, wanted);
        if (path === this.#path) {
          return produced;
        }
        produced.outgoing.close();
      } catch (error) {
        if (path === this.#path) {
          throw toCallError(error);
        }
      }
    }
  }

  async #produceOver(
    { session, transportId }: SendPath,
    { source, encoding }: Sent,
    wanted: Wanted,
  ): Promise<Carried> {
    const { callId, request } = this.#options;
    const { track } = wanted();
    const size = pictureSizeOf(track);
    const outgoing = await session.send(track, source, encoding);
    try {
      await this.#limit(source, outgoing);
      // Asked again, for that took a while: what was closed meanwhile the server would take for something new.
      const { paused } = wanted();
      const isFlowing = !paused && this.#hold === 'free';
      if (!isFlowing) {
        outgoing.pause();
      }
      const { rtpParameters } = outgoing;
      const { producerId } = await request('produce', {
        callId,
        transportId,
        source,
        rtpParameters,
        paused,
        ...(size === undefined ? {} : { size }),
      });

      return { outgoing, producerId, track, size, paused, isFlowing };
    } catch (error) {
      outgoing.close();
      throw error;
    }
  }
}
