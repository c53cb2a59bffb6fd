import { Disposer, SerialQueue } from '@parley/kit';
import { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import type { Publication, Publisher } from './Publisher.ts';

interface MicrophoneOptions {
  muted: boolean;
  onMutedChanged: () => void;
  onAvailableChanged: () => void;
  /** It could not be had, sent, or has stopped by itself. */
  onFailed: (error: MediaDeviceError) => void;
}

/**
 * The microphone of one call. It is opened while the call is still being entered, so it waits here for the
 * publisher, or the publisher for it: a person may take any time over the browser's question.
 */
export class Microphone {
  readonly #options: MicrophoneOptions;
  readonly #queue = new SerialQueue('microphone');
  #phase: 'usable' | 'closed' = 'usable';
  #isMuted: boolean;
  #track: MediaStreamTrack | undefined;
  #forgetTrack = new Disposer();
  #publisher: Publisher | undefined;
  #publication: Publication | undefined;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
    this.#isMuted = options.muted;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isAvailable(): boolean {
    return this.#track !== undefined;
  }

  /** Takes the microphone that is being opened. Never rejects: a call goes on without one. */
  async start(opening: Promise<MediaStreamTrack>): Promise<void> {
    try {
      this.#take(await opening);
      await this.#synchronize();
    } catch (error) {
      this.#fail(MediaDeviceError.of(error, 'microphone'));
    }
  }

  /** The call is entered: sends what there is, and what comes later. */
  async attach(publisher: Publisher): Promise<void> {
    if (this.#phase === 'closed') {
      return;
    }
    this.#publisher = publisher;
    try {
      await this.#synchronize();
    } catch (error) {
      this.#fail(MediaDeviceError.of(error, 'microphone'));
    }
  }

  /** Muting takes hold at once. An unmute that the server refuses leaves the microphone muted. */
  async setMuted(muted: boolean): Promise<void> {
    if (muted === this.#isMuted) {
      return;
    }
    this.#changeMuted(muted);
    try {
      await this.#synchronize();
    } catch (error) {
      this.#changeMuted(true);
      throw error;
    }
  }

  /** Goes on with another microphone; while there is none, this becomes it. */
  async switchTo(open: () => Promise<MediaStreamTrack>): Promise<void> {
    const track = await open();
    await this.#queue.push(async () => {
      const publication = this.#publication;
      try {
        await publication?.replaceTrack(track);
      } catch (error) {
        // How it went with a publication that has ended meanwhile does not matter.
        if (this.#publication === publication) {
          track.stop();
          throw error;
        }
      }
      this.#take(track);
    });
    await this.#synchronize();
  }

  /** Turns the microphone off for good; what was sent ends with the call's media. Idempotent. */
  close(): void {
    this.#phase = 'closed';
    this.#publisher = undefined;
    this.#publication = undefined;
    this.#drop();
  }

  #take(track: MediaStreamTrack): void {
    if (this.#phase === 'closed') {
      track.stop();

      return;
    }
    const wasAvailable = this.isAvailable;
    this.#forgetTrack.dispose();
    this.#forgetTrack = new Disposer();
    this.#track = track;
    track.enabled = !this.#isMuted;
    const onEnded = (): void => this.#fail(new MediaDeviceError('device_not_found', 'microphone'));
    track.addEventListener('ended', onEnded);
    this.#forgetTrack.add(() => track.stop());
    this.#forgetTrack.add(() => track.removeEventListener('ended', onEnded));
    if (!wasAvailable) {
      this.#options.onAvailableChanged();
    }
  }

  #drop(): void {
    const wasAvailable = this.isAvailable;
    this.#forgetTrack.dispose();
    this.#track = undefined;
    if (wasAvailable) {
      this.#options.onAvailableChanged();
    }
  }

  #fail(failure: MediaDeviceError): void {
    if (this.#phase === 'closed') {
      return;
    }
    this.#drop();
    this.#publication?.close().catch(() => {});
    this.#publication = undefined;
    this.#options.onFailed(failure);
  }

  /** Brings what is sent in line with what there is and what is wanted, whatever changed. */
  #synchronize(): Promise<void> {
    return this.#queue.push(async () => {
      const track = this.#track;
      if (this.#publisher === undefined || track === undefined) {
        return;
      }
      if (this.#publication === undefined) {
        const publication = await this.#publisher.publish('microphone', track, this.#isMuted);
        if (this.#track === undefined) {
          await publication.close();

          return;
        }
        this.#publication = publication;
      }
      if (this.#publication.isPaused !== this.#isMuted) {
        await (this.#isMuted ? this.#publication.pause() : this.#publication.resume());
      }
    });
  }

  #changeMuted(muted: boolean): void {
    if (muted !== this.#isMuted) {
      this.#isMuted = muted;
      if (this.#track !== undefined) {
        // Silent from this moment on, even while the server has not answered yet what is being sent.
        this.#track.enabled = !muted;
      }
      this.#options.onMutedChanged();
    }
  }
}
