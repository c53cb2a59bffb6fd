import { Disposer } from '@parley/kit';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { stopTracks } from '../devices/LocalCapture.ts';
import { ProcessorSlot, type ProcessorSlotOptions } from './ProcessorSlot.ts';
import type { VideoProcessor } from './processorTypes.ts';

/** What there is to send. */
export interface Captured {
  readonly mediaStream: MediaStream;
  /** The camera that it comes from. */
  readonly source: VideoDeviceInfo | undefined;
  /** The application's own is never stopped by the SDK. */
  readonly by: 'sdk' | 'application';
}

interface CapturedPictureOptions {
  processing: Omit<ProcessorSlotOptions<VideoProcessor>, 'kind'>;
  /** `mediaStream` is another. */
  onChanged: (mediaStream: MediaStream) => void;
  /** What is captured has ended by itself. */
  onEnded: (captured: MediaStream, track: MediaStreamTrack) => void;
}

/** What is captured, and what a processor makes of it. */
export class CapturedPicture {
  readonly #options: CapturedPictureOptions;
  readonly #slot: ProcessorSlot<VideoProcessor>;
  #captured: Captured | undefined;
  #mediaStream: MediaStream | undefined;
  /** Turns off what is captured, and forgets its listeners. */
  #release = new Disposer();
  /** What a processor has made, to be stopped. */
  #processed: MediaStreamTrack | undefined;

  constructor(options: CapturedPictureOptions) {
    this.#options = options;
    this.#slot = new ProcessorSlot<VideoProcessor>({ kind: 'video', ...options.processing });
  }

  get processor(): VideoProcessor | undefined {
    return this.#slot.processor;
  }

  get captured(): Captured | undefined {
    return this.#captured;
  }

  /** What is sent and shown, the same object for as long as it is. */
  get mediaStream(): MediaStream {
    return (this.#mediaStream ??= new MediaStream());
  }

  /** @throws TypeError for what is none of pictures. @throws CallError `not_supported` where it cannot work. */
  assertTakes(processor: VideoProcessor | undefined): void {
    this.#slot.assertTakes(processor);
  }

  /** Takes hold with the next `process()`. */
  setProcessor(processor: VideoProcessor | undefined): void {
    this.#slot.set(processor);
  }

  /** What is to be sent of that. @throws TypeError where there is no picture. */
  process({ mediaStream }: Captured): Promise<MediaStreamTrack> {
    return this.#slot.process(videoOf(mediaStream));
  }

  /** What `process()` has answered is not sent after all. */
  drop({ mediaStream }: Captured, track: MediaStreamTrack): void {
    if (track !== videoOf(mediaStream)) {
      track.stop();
    }
  }

  /** Goes on with that. What was captured and made before is turned off. */
  take(captured: Captured, track = videoOf(captured.mediaStream)): void {
    const { mediaStream, by } = captured;
    const raw = videoOf(mediaStream);
    const processedBefore = this.#processed;
    this.#processed = track === raw ? undefined : track;
    this.#mediaStream =
      track === raw ? mediaStream : new MediaStream([track, ...mediaStream.getAudioTracks()]);
    if (mediaStream !== this.#captured?.mediaStream) {
      const release = new Disposer();
      const onEnded = (): void => this.#options.onEnded(mediaStream, raw);
      raw.addEventListener('ended', onEnded);
      release.add(() => raw.removeEventListener('ended', onEnded));
      if (by === 'sdk') {
        release.add(() => stopTracks(mediaStream));
      }
      this.#release.dispose();
      this.#release = release;
    }
    this.#captured = captured;
    this.#options.onChanged(this.#mediaStream);
    if (processedBefore !== track) {
      processedBefore?.stop();
    }
  }

  /** Nothing is made of it any more. `all` lets go of what is captured, too, which otherwise only a camera of the SDK is. */
  rest(letsGo: 'all' | 'devices'): void {
    this.#slot.rest();
    this.#processed?.stop();
    this.#processed = undefined;
    if (letsGo === 'all' || this.#captured?.by === 'sdk') {
      this.#release.dispose();
      this.#captured = undefined;
    } else if (this.#captured !== undefined) {
      this.#mediaStream = this.#captured.mediaStream;
    }
  }
}

function videoOf(mediaStream: MediaStream): MediaStreamTrack {
  const [track] = mediaStream.getVideoTracks();
  if (track === undefined) {
    throw new TypeError('The MediaStream has no picture.');
  }

  return track;
}
