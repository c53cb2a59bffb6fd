import { SerialQueue } from '@parley/kit';
import { assertDevice } from '../devices/assertDevice.ts';
import { browserDevices } from '../devices/browserDevices.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { LocalCapture } from '../devices/LocalCapture.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { RenderOptions, ScalingMode, VideoRenderer } from '../rendering/renderingTypes.ts';
import { showFirstFrame } from '../rendering/showFirstFrame.ts';
import { snapshotOf } from '../rendering/snapshotOf.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { ViewRenderer } from '../rendering/ViewRenderer.ts';
import { CapturedPicture, type Captured, type OpenCamera } from './CapturedPicture.ts';
import { isMediaStream, toMediaStream, type CustomSource } from './customSource.ts';
import { ProcessorSlot } from './ProcessorSlot.ts';
import type { VideoProcessor } from './processorTypes.ts';
import type { LocalVideoStream, LocalVideoStreamEvents, MediaStreamType } from './streamTypes.ts';

/** Who sends the stream. */
export interface StreamOwner {
  readonly codec: string | undefined;
  /** Runs the change when nothing else of the stream is being changed. */
  change<T>(task: () => Promise<T>): Promise<T>;
  readonly openCamera: OpenCamera;
  send(track: MediaStreamTrack): Promise<void>;
  /** What is captured has ended by itself. */
  onEnded(captured: MediaStream, track: MediaStreamTrack): void;
  /** The processor has failed. Answers whether the plain picture is to be sent; otherwise nothing is any more. */
  goesOnPlain(): boolean;
}

/**
 * What is captured, what the processor makes of it, and where this page shows it. One that the application has made is
 * idle again when a call has sent it; one of the SDK's making is over then.
 */
export class LocalVideoStreamImpl extends EventSource<LocalVideoStreamEvents> implements LocalVideoStream {
  readonly life: 'once' | 'reusable';
  readonly #renderers = new Set<ViewRenderer>();
  readonly #queue = new SerialQueue('local video stream');
  readonly #slot = new ProcessorSlot<VideoProcessor>({
    kind: 'video',
    onChanged: () => this.emit('processorChanged'),
    onFailed: (error) => {
      this.emit('processorFailed', error);
      if (this.#owner?.goesOnPlain() !== false) {
        void this.#goOnPlain();
      }
    },
    onFrameRateLow: (framesPerSecond) => this.emit('processorFrameRateLow', framesPerSecond),
  });
  #phase: 'idle' | 'running' | 'ended' = 'idle';
  #type: MediaStreamType = 'Video';
  #owner: StreamOwner | undefined;
  /** To be opened while nothing is captured; undefined for the one that calls begin with. */
  #device: VideoDeviceInfo | undefined;
  /** As it was told last. */
  #source: VideoDeviceInfo | undefined;
  readonly #picture = new CapturedPicture({
    slot: this.#slot,
    send: async (track) => this.#owner?.send(track),
    onEnded: (captured, track) => this.#owner?.onEnded(captured, track),
    onTaken: () => this.#onTaken(),
  });

  constructor(source: VideoDeviceInfo | CustomSource | undefined, life: 'once' | 'reusable' = 'reusable') {
    super();
    this.life = life;
    const mediaStream = toMediaStream(source);
    if (mediaStream !== undefined) {
      this.#picture.begin({ mediaStream, source: undefined, by: 'application' });
    } else if (source === undefined && life === 'once') {
      this.#device = undefined;
    } else if (typeof (source as VideoDeviceInfo | undefined)?.id === 'string') {
      this.#device = source as VideoDeviceInfo;
      this.#source = this.#device;
    } else {
      throw new TypeError('A LocalVideoStream is made of a camera, a MediaStream or a MediaStreamTrack.');
    }
  }

  get type(): MediaStreamType {
    return this.#type;
  }

  get mediaStreamType(): MediaStreamType {
    return this.type;
  }

  get source(): VideoDeviceInfo | undefined {
    return this.captured === undefined ? this.#device : this.captured.source;
  }

  get mediaStream(): MediaStream {
    return this.#picture.mediaStream;
  }

  get codec(): string | undefined {
    return this.#owner?.codec;
  }

  get processor(): VideoProcessor | undefined {
    return this.#slot.processor;
  }

  get captured(): Captured | undefined {
    return this.#picture.captured;
  }

  /** @throws CallError `invalid_state` when a call sends it, or it is over. */
  assertIdle(): void {
    if (this.#phase !== 'idle') {
      throw new CallError('invalid_state', 'The stream is being sent already, or was stopped.');
    }
  }

  async getMediaStream(): Promise<MediaStream> {
    this.#assertNotEnded();
    if (this.captured === undefined) {
      await this.prepare(cameraByBrowser);
    }

    return this.mediaStream;
  }

  async setMediaStream(mediaStream: MediaStream): Promise<void> {
    if (!isMediaStream(mediaStream) || mediaStream.getVideoTracks().length === 0) {
      throw new TypeError('setMediaStream() takes a MediaStream with a picture.');
    }
    await this.#change(() => this.#picture.feed({ mediaStream, source: undefined, by: 'application' }));
  }

  async switchSource(device: VideoDeviceInfo): Promise<void> {
    assertDevice(device);
    if (this.type !== 'Video') {
      throw new CallError('invalid_state', 'A shared screen has no other source.');
    }
    await this.#change(async () => {
      if (this.captured === undefined) {
        this.#device = device;
        this.#tellSource();
      } else {
        await this.switchTo(this.#owner?.openCamera ?? cameraByBrowser, device);
      }
    });
  }

  async setProcessor(processor: VideoProcessor | undefined): Promise<void> {
    this.#slot.assertTakes(processor);
    this.#assertNotEnded();
    // At once: a change may be waiting for the one before, which does not get ready.
    this.#slot.set(processor);
    await this.#change(() => this.#picture.feedAgain());
  }

  async takeSnapshot(): Promise<ImageBitmap> {
    return snapshotOf(await this.getMediaStream());
  }

  async render(
    target: HTMLElement,
    scalingMode: ScalingMode = 'Crop',
    options: RenderOptions = {},
  ): Promise<VideoRenderer> {
    assertRenderArguments(target, scalingMode);
    this.#assertNotEnded();
    const renderer = new ViewRenderer({
      target,
      scalingMode,
      // What comes from the application may be something to be read.
      mirrored: options.isMirrored ?? (this.type === 'Video' && this.captured?.by !== 'application'),
      onDisposed: () => this.#renderers.delete(renderer),
    });
    this.#renderers.add(renderer);
    const show = async (): Promise<void> =>
      renderer.show(this.captured === undefined ? await this.getMediaStream() : this.mediaStream);
    await showFirstFrame(renderer, show, options);

    return renderer;
  }

  dispose(): void {
    if (this.#phase === 'running') {
      throw new CallError('invalid_state', 'The stream is being sent: stop it first.');
    }
    this.#finish('ended');
  }

  /** What was made of it for a call that does not send it is let go. Nothing happens to what an application has made. */
  forget(): void {
    if (this.life === 'once' && this.#phase === 'idle') {
      this.#finish('ended');
    }
  }

  /** Captures something, where nothing is yet. */
  prepare(open: OpenCamera, type: MediaStreamType = this.#type): Promise<void> {
    return this.#queue.push(async () => {
      this.#assertNotEnded();
      this.#type = type;
      // A camera may have been unplugged since it was opened for a preview.
      if (this.captured === undefined || this.#picture.isLost) {
        await this.switchTo(open, this.#device);
      } else if (this.#picture.isUnprocessed) {
        await this.#picture.feedAgain();
      }
    });
  }

  /** @param isOther Whether it may take the place of what has ended. */
  switchTo(
    open: OpenCamera,
    device: VideoDeviceInfo | undefined,
    isOther?: (track: MediaStreamTrack) => boolean,
  ): Promise<MediaStreamTrack> {
    return this.#picture.switchTo(open, device, this.#type, isOther);
  }

  /** Goes on with what was captured, which is sent and shown from now on. What was before is turned off. */
  feed(captured: Captured): Promise<void> {
    return this.#picture.feed(captured);
  }

  /** A call sends it from now on. */
  begin(owner: StreamOwner): void {
    this.#phase = 'running';
    this.#owner = owner;
  }

  /** What is sent is known to the server. */
  published(): void {
    this.emit('codecChanged');
  }

  /** The owner does not send it any more. Idempotent. */
  end(): void {
    this.#finish(this.life === 'once' ? 'ended' : 'idle');
  }

  /** It is not wanted any more while it is being prepared. */
  giveUp(): void {
    if (this.#phase === 'idle') {
      this.end();
    }
  }

  #finish(phase: 'ended' | 'idle'): void {
    const { codec } = this;
    this.#phase = phase;
    this.#owner = undefined;
    for (const renderer of this.#renderers) {
      renderer.dispose();
    }
    this.#device = this.captured?.source ?? this.#device;
    this.#picture.end(phase === 'ended' ? 'nothing' : 'applications');
    if (codec !== undefined) {
      this.emit('codecChanged');
    }
  }

  #onTaken(): void {
    for (const renderer of this.#renderers) {
      renderer.setStream(this.mediaStream);
    }
    this.#tellSource();
    this.emit('mediaStreamChanged');
  }

  #tellSource(): void {
    const { source } = this;
    if (source !== this.#source) {
      this.#source = source;
      this.emit('sourceChanged');
      this.emit('videoSourceChanged');
    }
  }

  /** The processor has failed. Never rejects. */
  async #goOnPlain(): Promise<void> {
    try {
      await this.#change(() => this.#picture.feedAgain());
    } catch {
      // It was stopped meanwhile.
    }
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    this.#assertNotEnded();

    return this.#owner === undefined ? this.#queue.push(task) : this.#owner.change(task);
  }

  #assertNotEnded(): void {
    if (this.#phase === 'ended') {
      throw new CallError('invalid_state', 'The stream was stopped.');
    }
  }
}

/** Of a stream that no call sends yet, as for a preview of it. */
async function cameraByBrowser(device: VideoDeviceInfo | undefined): Promise<MediaStream> {
  const nobody = (): undefined => undefined;
  const capture = new LocalCapture({
    devices: browserDevices(),
    replaceDevices: false,
    microphoneId: nobody,
    cameraId: nobody,
    onOpened: nobody,
  });

  return capture.camera(device?.id);
}
