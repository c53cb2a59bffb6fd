import type { MediaSource } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { VideoEncodingOptions } from '../media/encodingTypes.ts';
import type { LocalVideoStreamImpl } from '../streams/LocalVideoStreamImpl.ts';
import type { Publication } from './Publication.ts';
import type { Publisher } from './Publisher.ts';

interface SentVideoOptions {
  stream: LocalVideoStreamImpl;
  /** Of its picture, and of its sound where it may have one. */
  sources: { readonly video: MediaSource; readonly audio: MediaSource | undefined };
  encoding: VideoEncodingOptions | undefined;
}

/** One stream on its way to the others: its picture, and the sound of a screen beside it. */
export class SentVideo {
  readonly stream: LocalVideoStreamImpl;
  readonly #options: SentVideoOptions;
  /** Undefined once it is over. */
  #publications: Publication[] | undefined = [];

  constructor(options: SentVideoOptions) {
    this.stream = options.stream;
    this.#options = options;
  }

  get codec(): string | undefined {
    return this.#publications?.[0]?.codec;
  }

  isSentAs(producerId: string): boolean {
    return this.#publications?.some((publication) => publication.producerId === producerId) === true;
  }

  /** What is over before the server has taken it is closed there again. */
  async publish(publisher: Publisher): Promise<void> {
    const { video, audio } = this.#options.sources;
    const { mediaStream, captured } = this.stream;
    const publish = async (source: MediaSource, track: MediaStreamTrack): Promise<void> => {
      const publication = await publisher.publish(source, track, false, this.#options.encoding);
      await (this.#publications === undefined ? publication.close() : this.#publications.push(publication));
    };
    // One picture: of what the application gives there may be more.
    const [picture] = mediaStream.getVideoTracks();
    if (picture !== undefined) {
      await publish(video, picture);
    }
    // The server takes the sound of a screen only beside its picture.
    if (audio !== undefined && this.#publications !== undefined) {
      // A picture whose sound is refused is shown without it.
      const publishSound = (track: MediaStreamTrack): Promise<void> =>
        publish(audio, track).catch(() => {
          if (captured?.by === 'sdk') {
            track.stop();
          }
        });
      await Promise.all(mediaStream.getAudioTracks().slice(0, 1).map(publishSound));
    }
    if (this.#publications !== undefined) {
      this.stream.published();
    }
  }

  /** @throws CallError `invalid_state` when it is over, which the server may have brought about meanwhile. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    this.assertRunning();
    await this.#publications?.[0]?.replaceTrack(track);
    this.assertRunning();
  }

  /** @throws CallError `invalid_state` when it is over. */
  assertRunning(): void {
    if (this.#publications === undefined) {
      throw new CallError('invalid_state', 'The stream was stopped.');
    }
  }

  /** Turns its device off at once. Answers with what the server has taken of it, the sound first: there it ends with the picture. */
  turnOff(): Publication[] {
    this.stream.end();
    const publications = this.#publications ?? [];
    this.#publications = undefined;

    return publications.toReversed();
  }
}
