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
import { SentVideo } from './SentVideo.ts';

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
  /** Where its processor fails. */
  sendUnprocessed: boolean;
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

/** What is to be sent. */
export interface VideoStart {
  /** One of the application, or made for this call of what it has named. */
  readonly stream: LocalVideoStreamImpl;
  readonly encoding?: VideoEncodingOptions | undefined;
  /** Where the stream has nothing captured yet. */
  readonly open: StreamOwner['openCamera'];
}

/**
 * The camera, or the shared screen with its sound, of one call. Starting and switching wait for each other; stopping takes hold
 * at once, of what is still being opened, too. A call that is still being entered publishes what was started once it is.
 */
export class LocalVideo {
  readonly #options: LocalVideoOptions;
  readonly #queue: SerialQueue;
  #phase: 'usable' | 'forbidden' | 'closed' = 'usable';
  #running: SentVideo | undefined;
  /** What is being captured, or made ready by its processor. */
  #preparing: LocalVideoStreamImpl | undefined;
  /** Tells what was asked for before it was last stopped. */
  #stops = 0;
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
    const stops = this.#stops;
    try {
      await this.#queue.push(() => this.#take(start, stops));
    } catch (error) {
      if (stops === this.#stops) {
        this.#fail(error);
      }
    }
  }

  /** Answers with the stream that runs already, or opens one and sends it. */
  start(start: VideoStart): Promise<LocalVideoStreamImpl> {
    const stops = this.#stops;
    this.#isLost = false;

    return this.#queue.push(async () => {
      try {
        return await this.#startOrChange(start, stops);
      } finally {
        start.stream.forget();
      }
    });
  }

  stop(): Promise<void> {
    this.#isLost = false;
    this.#stops += 1;
    this.#preparing?.giveUp();
    const stopped = this.#running === undefined ? Promise.resolve() : this.#stop(this.#running);
    // Whatever comes next looks at it only then.
    stopped.catch(() => {});

    return this.#queue.push(() => stopped);
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
      const stream = new LocalVideoStreamImpl(undefined, 'once');
      await this.start({ stream, open: this.#options.openCamera }).catch(() => {});
    }
  }

  /** Turns the device off for as long as the role does not allow it; the server has ended what was sent. */
  forbid(): void {
    this.#isLost = false;
    if (this.#phase === 'usable') {
      this.#phase = 'forbidden';
      this.#preparing?.giveUp();
      this.#endByServer();
    }
  }

  /** The server has ended what was sent. Nothing happens for a stream that is not of this. */
  endedByServer(producerId: string): void {
    if (this.#running?.isSentAs(producerId) === true) {
      this.#endByServer();
    }
  }

  /** Turns the device off for good; what was sent ends with the call's media. Idempotent. */
  close(): void {
    this.#phase = 'closed';
    this.#preparing?.giveUp();
    if (this.#running !== undefined) {
      this.#turnOff(this.#running);
    }
  }

  /** The picture ends with its sound: the right to share is one. */
  #endByServer(): void {
    if (this.#running !== undefined) {
      this.#turnOff(this.#running).forEach((publication) => publication.endedByServer());
    }
  }

  #assertUsable(): void {
    if (this.#phase !== 'usable') {
      throw this.#refusal();
    }
  }

  /** Usable, and not stopped since. */
  #assertWanted(stops: number): void {
    this.#assertUsable();
    if (stops !== this.#stops) {
      throw new CallError('invalid_state', 'It was stopped meanwhile.');
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

  async #startOrChange(start: VideoStart, stops: number): Promise<LocalVideoStreamImpl> {
    if (this.#running === undefined) {
      this.#assertWanted(stops);
      const running = await this.#take(start, stops);
      this.#assertUsable();
      running.assertRunning();

      return running.stream;
    }
    const { stream } = this.#running;
    await this.#changeOver(stream, start.stream);

    return stream;
  }

  /** Runs what has been opened, and turns it off at once when it may not be sent, or is not wanted any more. */
  async #take({ stream, encoding, open }: VideoStart, stops: number): Promise<SentVideo> {
    const { type, sources } = kinds[this.#options.device];
    stream.assertIdle();
    const { processor } = stream;
    this.#preparing = stream;
    await this.#guard(() => stream.prepare(open, type)).finally(() => {
      this.#preparing = undefined;
    });
    stream.assertIdle();
    try {
      this.#assertWanted(stops);
      if (processor !== stream.processor && !this.#options.sendUnprocessed) {
        throw new CallError('invalid_state', 'The processor failed, and nothing is sent without it.');
      }
    } catch (error) {
      stream.end();
      throw error;
    }
    const running = new SentVideo({ stream, sources, encoding });
    stream.begin(this.#ownerOf(running));
    this.#running = running;
    this.#options.onStarted(stream);
    await this.#publishOrStop(running);

    return running;
  }

  /** One that runs goes on with what a start has named. */
  async #changeOver(stream: LocalVideoStreamImpl, named: LocalVideoStreamImpl): Promise<void> {
    if (named === stream) {
      return;
    }
    const { captured, source } = named;
    const isOther =
      named.life === 'reusable' || (captured !== undefined && this.#options.device === 'screen');
    if (named.life === 'once') {
      named.dispose();
    }
    if (isOther) {
      throw new CallError(
        'invalid_state',
        'Another stream is being sent: stop it first, or use its switchSource() or setMediaStream().',
      );
    }
    if (captured !== undefined) {
      await this.#guard(() => stream.feed(captured));
    } else if (source !== undefined && source.id !== stream.source?.id) {
      await this.#guard(() => stream.switchTo(this.#options.openCamera, source));
    }
  }

  #ownerOf(running: SentVideo): StreamOwner {
    return {
      get codec() {
        return running.codec;
      },
      change: (task) =>
        this.#queue.push(() =>
          this.#guard(() => {
            running.assertRunning();

            return task();
          }),
        ),
      openCamera: this.#options.openCamera,
      send: (track) => running.replaceTrack(track),
      onEnded: (captured, track) => void this.#lose(captured, track).catch(() => {}),
      goesOnPlain: () => {
        const { sendUnprocessed } = this.#options;
        if (!sendUnprocessed) {
          this.stop().catch(() => {});
        }

        return sendUnprocessed;
      },
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

  async #publishOrStop(running: SentVideo): Promise<void> {
    if (this.#publisher === undefined) {
      return;
    }
    try {
      await running.publish(this.#publisher);
    } catch (error) {
      // How it went with what was stopped meanwhile does not matter.
      if (this.#running === running) {
        await this.#stop(running).catch(() => {});
        throw error;
      }
    }
  }

  /** Answers with what the server has taken of it. */
  #turnOff(running: SentVideo): Publication[] {
    this.#running = undefined;
    const publications = running.turnOff();
    this.#options.onStopped(running.stream);

    return publications;
  }

  async #stop(running: SentVideo): Promise<void> {
    await Promise.all(this.#turnOff(running).map((publication) => publication.close()));
  }
}
