import { SerialQueue } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';
import { isOtherDevice } from '../devices/deviceLists.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { MediaDeviceError, type LocalDevice } from '../devices/MediaDeviceError.ts';
import { CallError } from '../errors.ts';
import type { VideoEncodingOptions } from '../media/encodingTypes.ts';
import { LocalVideoStreamImpl, type StreamOwner } from '../streams/LocalVideoStreamImpl.ts';
import type { Publication } from './Publication.ts';
import type { Publisher } from './Publisher.ts';

/** What each kind of local video is made of. */
const kinds = {
  camera: { type: 'Video', sources: { video: 'camera', audio: undefined } },
  screen: { type: 'ScreenSharing', sources: { video: 'screen', audio: 'screenAudio' } },
} as const satisfies Record<
  Exclude<LocalDevice, 'microphone'>,
  { type: string; sources: { video: MediaSource; audio: MediaSource | undefined } }
>;

interface LocalVideoOptions {
  device: keyof typeof kinds;
  /** Opens another in place of a camera that has ended by itself. */
  replaceDevices: boolean;
  openCamera: (device: VideoDeviceInfo | undefined) => Promise<MediaStream>;
  onStarted: (stream: LocalVideoStreamImpl) => void;
  onStopped: (stream: LocalVideoStreamImpl) => void;
  /** Another was opened in place of a camera that has ended by itself. */
  onReplaced: (ended: MediaStreamTrack, next: MediaStreamTrack) => void;
  /** The device has ended by itself and there is no other; `onStopped` follows. */
  onLost: (error: unknown) => void;
  /** What the call began with could not be had or sent. */
  onFailed: (error: MediaDeviceError) => void;
}

interface Running {
  readonly stream: LocalVideoStreamImpl;
  readonly publications: Publication[];
  readonly encoding: VideoEncodingOptions | undefined;
}

/** What is to be sent. */
export interface VideoStart {
  /** What the application has made, instead of a device. */
  readonly stream?: LocalVideoStreamImpl | undefined;
  readonly source?: VideoDeviceInfo | undefined;
  readonly encoding?: VideoEncodingOptions | undefined;
  /** Where the stream has nothing captured yet. */
  readonly open: StreamOwner['openCamera'];
}

/**
 * The camera, or the shared screen with its sound, of one call. Starting, stopping and switching wait for each
 * other; a call that is still being entered publishes what was started once it is.
 */
export class LocalVideo {
  readonly #options: LocalVideoOptions;
  readonly #queue: SerialQueue;
  #phase: 'usable' | 'forbidden' | 'closed' = 'usable';
  #running: Running | undefined;
  #publisher: Publisher | undefined;
  #isHidden = false;
  /** The camera ended by itself while the page was hidden, and nobody has said since what is wanted. */
  #isLost = false;

  constructor(options: LocalVideoOptions) {
    this.#options = options;
    this.#queue = new SerialQueue(options.device);
  }

  get stream(): LocalVideoStreamImpl | undefined {
    return this.#running?.stream;
  }

  /** Takes what is being opened as the call begins. Never rejects: a call goes on without one. */
  async begin(start: VideoStart): Promise<void> {
    try {
      await this.#queue.push(() => this.#take(start));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Answers with the stream that runs already, or opens one and sends it. */
  start(start: VideoStart): Promise<LocalVideoStreamImpl> {
    const { stream, source } = start;
    this.#isLost = false;

    return this.#queue.push(async () => {
      const running = this.#running;
      if (running === undefined) {
        this.#assertUsable();

        return this.#take(start);
      }
      if (stream !== undefined && stream !== running.stream) {
        throw new CallError(
          'invalid_state',
          'Another stream is being sent: stop it first, or use its switchSource() or setMediaStream().',
        );
      }
      if (source !== undefined && source.id !== running.stream.source?.id) {
        await this.#guard(() => running.stream.switchTo(this.#options.openCamera, source));
      }

      return running.stream;
    });
  }

  stop(): Promise<void> {
    this.#isLost = false;

    return this.#queue.push(async () => {
      if (this.#running !== undefined) {
        await this.#stop(this.#running);
      }
    });
  }

  /**
   * The call is entered, or the role allows it again: sends what there is, and what comes later. Never rejects: what
   * is refused goes off.
   */
  async attach(publisher: Publisher): Promise<void> {
    if (this.#phase === 'forbidden') {
      this.#phase = 'usable';
    }
    try {
      await this.#queue.push(async () => {
        if (this.#publisher === publisher) {
          return;
        }
        this.#publisher = publisher;
        if (this.#running !== undefined) {
          await this.#publishOrStop(this.#running);
        }
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Begins again, when the page is seen again, with a camera that the system took while it was not. Never rejects. */
  async setVisible(isVisible: boolean): Promise<void> {
    this.#isHidden = !isVisible;
    if (isVisible && this.#isLost && this.#phase === 'usable') {
      await this.start({ open: this.#options.openCamera }).catch(() => {});
    }
  }

  /** Turns the device off for as long as the role does not allow it; the server has ended what was sent. */
  forbid(): void {
    this.#isLost = false;
    if (this.#phase === 'usable') {
      this.#phase = 'forbidden';
      this.#endByServer();
    }
  }

  /** The server has ended what was sent. Nothing happens for a stream that is not of this. */
  endedByServer(producerId: string): void {
    if (this.#running?.publications.some((publication) => publication.producerId === producerId) === true) {
      this.#endByServer();
    }
  }

  /** Turns the device off for good; what was sent ends with the call's media. Idempotent. */
  close(): void {
    this.#phase = 'closed';
    if (this.#running !== undefined) {
      this.#turnOff(this.#running);
    }
  }

  /** The picture ends with its sound: the right to share is one. */
  #endByServer(): void {
    const running = this.#running;
    if (running !== undefined) {
      this.#turnOff(running);
      running.publications.forEach((publication) => publication.endedByServer());
    }
  }

  #assertUsable(): void {
    if (this.#phase !== 'usable') {
      throw this.#refusal();
    }
  }

  #refusal(): CallError {
    return this.#phase === 'forbidden'
      ? new CallError('forbidden', 'The role does not allow that any more.')
      : new CallError('invalid_state', 'The call has ended.');
  }

  #fail(error: unknown): void {
    if (this.#phase === 'usable') {
      this.#options.onFailed(MediaDeviceError.of(error, this.#options.device));
    }
  }

  /** Runs what has been opened, and turns it off at once when it may not be sent any more. */
  async #take({ stream: given, source, encoding, open }: VideoStart): Promise<LocalVideoStreamImpl> {
    const stream = given ?? new LocalVideoStreamImpl(source, 'once');
    stream.assertIdle();
    await stream.prepare(open, kinds[this.#options.device].type);
    stream.assertIdle();
    if (this.#phase !== 'usable') {
      stream.end();
      throw this.#refusal();
    }
    const running: Running = { stream, publications: [], encoding };
    stream.begin(this.#ownerOf(running));
    this.#running = running;
    this.#options.onStarted(stream);
    await this.#publishOrStop(running);

    return stream;
  }

  #ownerOf(running: Running): StreamOwner {
    return {
      get codec() {
        return running.publications[0]?.codec;
      },
      change: (task) =>
        this.#queue.push(() =>
          this.#guard(() => {
            this.#assertRunning(running);

            return task();
          }),
        ),
      openCamera: this.#options.openCamera,
      send: async (track) => {
        this.#assertRunning(running);
        await running.publications[0]?.replaceTrack(track);
        this.#assertRunning(running);
      },
      onEnded: (captured, track) => void this.#lose(captured, track).catch(() => {}),
    };
  }

  /** What fails because nothing may be sent any more fails with that. */
  async #guard<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw this.#phase === 'usable' ? error : this.#refusal();
    }
  }

  /** Waits for a switch in progress, after which the stream that has ended may not be the one that counts. */
  #lose(captured: MediaStream, ended: MediaStreamTrack): Promise<void> {
    return this.#queue.push(async () => {
      const running = this.#running;
      if (running?.stream.captured?.mediaStream !== captured) {
        return;
      }
      const { stream } = running;
      const { device, replaceDevices, openCamera, onReplaced, onLost } = this.#options;
      try {
        if (!replaceDevices || stream.source === undefined) {
          throw new MediaDeviceError('device_not_found', device);
        }
        const isOther = (next: MediaStreamTrack): boolean => isOtherDevice(ended, next);
        onReplaced(ended, await stream.switchTo(openCamera, undefined, isOther));
      } catch (error) {
        if (this.#running === running) {
          this.#isLost = this.#isHidden;
          onLost(error);
          await this.#stop(running);
        }
      }
    });
  }

  async #publishOrStop(running: Running): Promise<void> {
    try {
      await this.#publish(running);
      this.#assertUsable();
    } catch (error) {
      if (this.#running === running) {
        await this.#stop(running).catch(() => {});
      }
      throw this.#phase === 'usable' ? error : this.#refusal();
    }
  }

  async #publish(running: Running): Promise<void> {
    const publisher = this.#publisher;
    if (publisher === undefined) {
      return;
    }
    const { video, audio } = kinds[this.#options.device].sources;
    const publish = async (source: MediaSource, track: MediaStreamTrack): Promise<void> => {
      const publication = await publisher.publish(source, track, false, running.encoding);
      if (this.#running === running) {
        running.publications.push(publication);
      } else {
        await publication.close();
      }
    };
    const { mediaStream } = running.stream;
    await Promise.all(mediaStream.getVideoTracks().map((track) => publish(video, track)));
    // The server takes the sound of a screen only beside its picture.
    if (audio !== undefined && this.#running === running) {
      // A picture whose sound is refused is shown without it.
      const publishSound = (track: MediaStreamTrack): Promise<void> =>
        publish(audio, track).catch(() => {
          if (running.stream.captured?.by === 'sdk') {
            track.stop();
          }
        });
      await Promise.all(mediaStream.getAudioTracks().map(publishSound));
    }
    running.stream.published();
  }

  /** The server may have ended it while a camera was being opened, which would stay on. */
  #assertRunning(running: Running): void {
    this.#assertUsable();
    if (this.#running !== running) {
      throw new CallError('invalid_state', 'The stream was stopped.');
    }
  }

  #turnOff(running: Running): void {
    this.#running = undefined;
    running.stream.end();
    this.#options.onStopped(running.stream);
  }

  async #stop(running: Running): Promise<void> {
    this.#turnOff(running);
    // The sound first: at the server it ends with the picture.
    await Promise.all(running.publications.toReversed().map((publication) => publication.close()));
  }
}
