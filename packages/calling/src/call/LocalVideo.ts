import { Disposer, SerialQueue } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';
import { stopTracks } from '../devices/LocalCapture.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { MediaDeviceError, type LocalDevice } from '../devices/MediaDeviceError.ts';
import { CallError } from '../errors.ts';
import { LocalVideoStreamImpl } from '../streams/LocalVideoStreamImpl.ts';
import type { Publication, Publisher } from './Publisher.ts';

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
  openCamera: (device: VideoDeviceInfo) => Promise<MediaStream>;
  onStarted: (stream: LocalVideoStreamImpl) => void;
  onStopped: (stream: LocalVideoStreamImpl) => void;
  /** The device has ended by itself; `onStopped` follows. */
  onLost: () => void;
}

interface Running {
  readonly stream: LocalVideoStreamImpl;
  readonly publications: Publication[];
  /** Turns the device off and forgets its listeners. */
  release: Disposer;
}

/**
 * The camera, or the shared screen with its sound, of one call. Starting, stopping and switching wait for each
 * other; a call that is still being entered publishes what was started once it is.
 */
export class LocalVideo {
  readonly #options: LocalVideoOptions;
  readonly #queue: SerialQueue;
  #phase: 'usable' | 'closed' = 'usable';
  #running: Running | undefined;
  #publisher: Publisher | undefined;

  constructor(options: LocalVideoOptions) {
    this.#options = options;
    this.#queue = new SerialQueue(options.device);
  }

  get stream(): LocalVideoStreamImpl | undefined {
    return this.#running?.stream;
  }

  /** Answers with the stream that runs already, or opens one and sends it. */
  start(open: () => Promise<MediaStream>, source?: VideoDeviceInfo): Promise<LocalVideoStreamImpl> {
    return this.#queue.push(async () => {
      if (this.#running !== undefined) {
        if (source !== undefined && source.id !== this.#running.stream.source?.id) {
          await this.#switch(this.#running, source);
        }

        return this.#running.stream;
      }
      this.#assertUsable();
      const mediaStream = await open();
      try {
        this.#assertUsable();
      } catch (error) {
        stopTracks(mediaStream);
        throw error;
      }
      const running = this.#run(mediaStream, source);
      try {
        await this.#publish(running);
      } catch (error) {
        this.#turnOff(running);
        throw error;
      }
      this.#assertUsable();

      return running.stream;
    });
  }

  stop(): Promise<void> {
    return this.#queue.push(async () => {
      if (this.#running !== undefined) {
        await this.#stop(this.#running);
      }
    });
  }

  /** The call is entered: sends what there is, and what comes later. */
  attach(publisher: Publisher): Promise<void> {
    return this.#queue.push(async () => {
      this.#publisher = publisher;
      if (this.#running !== undefined) {
        await this.#publish(this.#running);
      }
    });
  }

  /** Turns the device off for good; what was sent ends with the call's media. Idempotent. */
  close(): void {
    this.#phase = 'closed';
    if (this.#running !== undefined) {
      this.#turnOff(this.#running);
    }
  }

  #assertUsable(): void {
    if (this.#phase === 'closed') {
      throw ended();
    }
  }

  #run(mediaStream: MediaStream, source: VideoDeviceInfo | undefined): Running {
    const { device, onStarted } = this.#options;
    const stream = new LocalVideoStreamImpl({
      type: kinds[device].type,
      source: source ?? sourceOf(mediaStream, device),
      mediaStream,
      switchSource: (camera) =>
        this.#queue.push(async () => {
          if (this.#running?.stream !== stream) {
            throw new CallError('invalid_state', 'The stream was stopped.');
          }
          await this.#switch(this.#running, camera);
        }),
    });
    const running: Running = { stream, publications: [], release: this.#hold(mediaStream) };
    this.#running = running;
    onStarted(stream);

    return running;
  }

  /** Follows a device that ends by itself: unplugged, or the browser's own "Stop sharing". */
  #hold(mediaStream: MediaStream): Disposer {
    const release = new Disposer();
    release.add(() => stopTracks(mediaStream));
    for (const track of mediaStream.getVideoTracks()) {
      const onEnded = (): void => {
        this.#options.onLost();
        this.stop().catch(() => {});
      };
      track.addEventListener('ended', onEnded);
      release.add(() => track.removeEventListener('ended', onEnded));
    }

    return release;
  }

  async #publish(running: Running): Promise<void> {
    const publisher = this.#publisher;
    if (publisher === undefined) {
      return;
    }
    const { sources } = kinds[this.#options.device];
    const tracks = running.stream.mediaStream.getTracks().flatMap((track) => {
      const source = track.kind === 'video' ? sources.video : sources.audio;

      return source === undefined ? [] : [{ source, track }];
    });
    await Promise.all(
      tracks.map(async ({ source, track }) => {
        const publication = await publisher.publish(source, track);
        if (this.#running === running) {
          running.publications.push(publication);
        } else {
          await publication.close();
        }
      }),
    );
  }

  async #switch(running: Running, source: VideoDeviceInfo): Promise<void> {
    const mediaStream = await this.#options.openCamera(source);
    const [track] = mediaStream.getVideoTracks();
    if (track === undefined || this.#running !== running) {
      stopTracks(mediaStream);
      throw track === undefined ? new MediaDeviceError('failed', this.#options.device) : ended();
    }
    await running.publications[0]?.replaceTrack(track);
    const releaseOld = running.release;
    running.release = this.#hold(mediaStream);
    running.stream.replace(mediaStream, source);
    releaseOld.dispose();
  }

  #turnOff(running: Running): void {
    this.#running = undefined;
    running.release.dispose();
    running.stream.end();
    this.#options.onStopped(running.stream);
  }

  async #stop(running: Running): Promise<void> {
    this.#turnOff(running);
    await Promise.all(running.publications.map((publication) => publication.close()));
  }
}

/** The camera the browser has chosen. */
function sourceOf(mediaStream: MediaStream, device: keyof typeof kinds): VideoDeviceInfo | undefined {
  const [track] = mediaStream.getVideoTracks();
  const id = track?.getSettings().deviceId;

  return device === 'camera' && track !== undefined && id !== undefined
    ? { id, name: track.label }
    : undefined;
}

function ended(): CallError {
  return new CallError('invalid_state', 'The call has ended.');
}
