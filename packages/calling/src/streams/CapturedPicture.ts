import { Disposer } from '@parley/kit';
import { deviceOf } from '../devices/deviceLists.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { stopTracks } from '../devices/LocalCapture.ts';
import { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import { openInPlaceOf } from '../devices/openInPlaceOf.ts';
import { CallError } from '../errors.ts';
import type { ProcessorSlot } from './ProcessorSlot.ts';
import type { VideoProcessor } from './processorTypes.ts';
import type { MediaStreamType } from './streamTypes.ts';

/** What there is to send. */
export interface Captured {
  readonly mediaStream: MediaStream;
  /** The camera that it comes from. */
  readonly source: VideoDeviceInfo | undefined;
  /** The application's own is never stopped by the SDK. */
  readonly by: 'sdk' | 'application';
}

export type OpenCamera = (device: VideoDeviceInfo | undefined) => Promise<MediaStream>;

interface CapturedPictureOptions {
  slot: ProcessorSlot<VideoProcessor>;
  /** Sends what is to be gone on with, if anybody sends the stream. */
  send: (track: MediaStreamTrack) => Promise<void>;
  /** What is captured has ended by itself. */
  onEnded: (captured: MediaStream, track: MediaStreamTrack) => void;
  /** It goes on with what was captured, which may be the same as before. */
  onTaken: () => void;
}

/** What one local stream captures, and what its processor makes of that. */
export class CapturedPicture {
  readonly #options: CapturedPictureOptions;
  #captured: Captured | undefined;
  #mediaStream: MediaStream | undefined;
  /** Turns off what is captured, and forgets its listeners. */
  #release = new Disposer();
  /** What a processor has made, to be stopped. */
  #processed: MediaStreamTrack | undefined;
  /** Tells what was begun before an end from what is wanted now. */
  #life = 0;

  constructor(options: CapturedPictureOptions) {
    this.#options = options;
  }

  get captured(): Captured | undefined {
    return this.#captured;
  }

  get mediaStream(): MediaStream {
    return (this.#mediaStream ??= new MediaStream());
  }

  /** Whether a camera that was opened has been unplugged since. */
  get isLost(): boolean {
    return this.#captured?.by === 'sdk' && videoOf(this.#captured.mediaStream).readyState === 'ended';
  }

  /** Whether there is a processor that has rested since it was at work. */
  get isUnprocessed(): boolean {
    return this.#options.slot.processor !== undefined && this.#processed === undefined;
  }

  /** Goes on with what the application has made, as it is. */
  begin(captured: Captured): void {
    this.#take(captured, videoOf(captured.mediaStream));
  }

  /**
   * Goes on with another device. One that cannot be had leaves the present one on, or on again.
   *
   * @param isOther Whether it may take the place of what has ended.
   */
  async switchTo(
    open: OpenCamera,
    device: VideoDeviceInfo | undefined,
    type: MediaStreamType,
    isOther: (track: MediaStreamTrack) => boolean = () => true,
  ): Promise<MediaStreamTrack> {
    const life = this.#life;
    const present = this.#captured?.by === 'sdk' && !this.isLost ? this.#captured : undefined;
    const opening = openInPlaceOf(present?.mediaStream, () => open(device));
    const mediaStream = await opening.catch(async (error: unknown) => {
      if (present !== undefined && present === this.#captured && this.isLost) {
        // It was turned off for the other one.
        await this.switchTo(open, present.source, type).catch(() => this.#tellEnded());
      }
      throw error;
    });
    try {
      this.#assertWanted(life);
      const [track] = mediaStream.getVideoTracks();
      if (track === undefined || !isOther(track)) {
        throw new MediaDeviceError('device_not_found', type === 'Video' ? 'camera' : 'screen');
      }
      const source = device ?? (type === 'Video' ? deviceOf(track) : undefined);
      await this.feed({ mediaStream, source, by: 'sdk' });

      return track;
    } catch (error) {
      stopTracks(mediaStream);
      throw error;
    }
  }

  /** Goes on with what was captured, which is sent and shown from now on. What was before is turned off. */
  async feed(captured: Captured): Promise<void> {
    const life = this.#life;
    const raw = videoOf(captured.mediaStream);
    const track = await this.#options.slot.process(raw);
    try {
      this.#assertWanted(life);
      if (raw.readyState === 'ended' && captured !== this.#captured) {
        // Nobody has listened to it yet: its processor would make pictures of nothing, for ever.
        throw new MediaDeviceError('device_not_found', captured.source === undefined ? 'screen' : 'camera');
      }
      await this.#options.send(track);
      this.#assertWanted(life);
    } catch (error) {
      if (track !== raw) {
        track.stop();
      }
      throw error;
    }
    this.#take(captured, track);
    this.#options.onTaken();
  }

  /** Has the processor work on what is captured, in place of another or of none. */
  async feedAgain(): Promise<void> {
    if (this.#captured !== undefined) {
      await this.feed(this.#captured);
    }
  }

  /**
   * Nothing is sent any more, and what is being opened is turned off once it is.
   *
   * @param keeps Whether what the application has made is kept for the next time.
   */
  end(keeps: 'applications' | 'nothing'): void {
    this.#life += 1;
    this.#options.slot.rest();
    this.#processed?.stop();
    this.#processed = undefined;
    if (keeps === 'nothing' || this.#captured?.by === 'sdk') {
      this.#release.dispose();
      this.#captured = undefined;
    } else if (this.#captured !== undefined) {
      this.#mediaStream = this.#captured.mediaStream;
    }
  }

  #tellEnded(): void {
    if (this.#captured !== undefined) {
      const { mediaStream } = this.#captured;
      this.#options.onEnded(mediaStream, videoOf(mediaStream));
    }
  }

  #take(captured: Captured, track: MediaStreamTrack): void {
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
    if (processedBefore !== track) {
      processedBefore?.stop();
    }
  }

  #assertWanted(life: number): void {
    if (life !== this.#life) {
      throw new CallError('invalid_state', 'The stream was stopped.');
    }
  }
}

/** @throws TypeError for one without. */
function videoOf(mediaStream: MediaStream): MediaStreamTrack {
  const [track] = mediaStream.getVideoTracks();
  if (track === undefined) {
    throw new TypeError('The MediaStream has no picture.');
  }

  return track;
}
