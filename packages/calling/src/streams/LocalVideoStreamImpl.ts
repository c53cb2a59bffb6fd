import { Disposer, SerialQueue } from '@parley/kit';
import { assertDevice } from '../devices/assertDevice.ts';
import { browserDevices } from '../devices/browserDevices.ts';
import { deviceOf } from '../devices/deviceLists.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { LocalCapture, stopTracks } from '../devices/LocalCapture.ts';
import { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { RenderOptions, ScalingMode, VideoRenderer } from '../rendering/renderingTypes.ts';
import { showFirstFrame } from '../rendering/showFirstFrame.ts';
import { snapshotOf } from '../rendering/snapshotOf.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { ViewRenderer } from '../rendering/ViewRenderer.ts';
import { isMediaStream, toMediaStream, type CustomSource } from './customSource.ts';
import { ProcessorSlot } from './ProcessorSlot.ts';
import type { VideoProcessor } from './processorTypes.ts';
import type { LocalVideoStream, LocalVideoStreamEvents, MediaStreamType } from './streamTypes.ts';

/** What there is to send. */
export interface Captured {
  readonly mediaStream: MediaStream;
  /** The camera that it comes from. */
  readonly source: VideoDeviceInfo | undefined;
  /** The application's own is never stopped by the SDK. */
  readonly by: 'sdk' | 'application';
}

/** Who sends the stream. */
export interface StreamOwner {
  readonly codec: string | undefined;
  /** Runs the change when nothing else of the stream is being changed. */
  change<T>(task: () => Promise<T>): Promise<T>;
  openCamera(device: VideoDeviceInfo | undefined): Promise<MediaStream>;
  send(track: MediaStreamTrack): Promise<void>;
  /** What is captured has ended by itself. */
  onEnded(captured: MediaStream, track: MediaStreamTrack): void;
}

/**
 * What is captured, what the processor makes of it, and where this page shows it. One that the application has made is
 * idle again when a call has sent it; one of the SDK's making is over then.
 */
export class LocalVideoStreamImpl extends EventSource<LocalVideoStreamEvents> implements LocalVideoStream {
  readonly #life: 'once' | 'reusable';
  readonly #renderers = new Set<ViewRenderer>();
  readonly #queue = new SerialQueue('local video stream');
  readonly #slot = new ProcessorSlot<VideoProcessor>({
    kind: 'video',
    onChanged: () => this.emit('processorChanged'),
    onFailed: (error) => {
      this.emit('processorFailed', error);
      void this.#goOnPlain();
    },
    onFrameRateLow: (framesPerSecond) => this.emit('processorFrameRateLow', framesPerSecond),
  });
  #phase: 'idle' | 'running' | 'ended' = 'idle';
  #type: MediaStreamType = 'Video';
  #owner: StreamOwner | undefined;
  /** To be opened while nothing is captured; undefined for the one that calls begin with. */
  #device: VideoDeviceInfo | undefined;
  #captured: Captured | undefined;
  #mediaStream: MediaStream | undefined;
  /** Turns off what is captured, and forgets its listeners. */
  #release = new Disposer();
  /** What a processor has made, to be stopped. */
  #processed: MediaStreamTrack | undefined;

  constructor(source: VideoDeviceInfo | CustomSource | undefined, life: 'once' | 'reusable' = 'reusable') {
    super();
    this.#life = life;
    const mediaStream = toMediaStream(source);
    if (mediaStream !== undefined) {
      this.#take({ mediaStream, source: undefined, by: 'application' }, videoOf(mediaStream));
    } else if (source === undefined && life === 'once') {
      this.#device = undefined;
    } else if (typeof (source as VideoDeviceInfo | undefined)?.id === 'string') {
      this.#device = source as VideoDeviceInfo;
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
    return this.#captured === undefined ? this.#device : this.#captured.source;
  }

  get mediaStream(): MediaStream {
    return (this.#mediaStream ??= new MediaStream());
  }

  get codec(): string | undefined {
    return this.#owner?.codec;
  }

  get processor(): VideoProcessor | undefined {
    return this.#slot.processor;
  }

  get captured(): Captured | undefined {
    return this.#captured;
  }

  /** @throws CallError `invalid_state` when a call sends it, or it is over. */
  assertIdle(): void {
    if (this.#phase !== 'idle') {
      throw new CallError('invalid_state', 'The stream is being sent already, or was stopped.');
    }
  }

  async getMediaStream(): Promise<MediaStream> {
    this.#assertNotEnded();
    if (this.#captured === undefined) {
      await this.#change(() => this.prepare((device) => cameraByBrowser(device)));
    }

    return this.mediaStream;
  }

  async setMediaStream(mediaStream: MediaStream): Promise<void> {
    if (!isMediaStream(mediaStream) || mediaStream.getVideoTracks().length === 0) {
      throw new TypeError('setMediaStream() takes a MediaStream with a picture.');
    }
    await this.#change(() => this.feed({ mediaStream, source: undefined, by: 'application' }));
  }

  async switchSource(device: VideoDeviceInfo): Promise<void> {
    assertDevice(device);
    if (this.type !== 'Video') {
      throw new CallError('invalid_state', 'A shared screen has no other source.');
    }
    await this.#change(async () => {
      if (this.#captured === undefined) {
        this.#device = device;
        this.#sourceChanged();
      } else {
        await this.switchTo((id) => this.#owner?.openCamera(id) ?? cameraByBrowser(id), device);
      }
    });
  }

  async setProcessor(processor: VideoProcessor | undefined): Promise<void> {
    this.#slot.assertTakes(processor);
    await this.#change(async () => {
      this.#slot.set(processor);
      await this.#feedAgain();
    });
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
      mirrored: options.isMirrored ?? (this.type === 'Video' && this.#captured?.by !== 'application'),
      onDisposed: () => this.#renderers.delete(renderer),
    });
    this.#renderers.add(renderer);
    const show = async (): Promise<void> =>
      renderer.show(this.#captured === undefined ? await this.getMediaStream() : this.mediaStream);
    await showFirstFrame(renderer, show, options);

    return renderer;
  }

  dispose(): void {
    if (this.#phase === 'running') {
      throw new CallError('invalid_state', 'The stream is being sent: stop it first.');
    }
    this.#finish('ended');
  }

  /** Captures something, where nothing is yet. */
  async prepare(open: StreamOwner['openCamera'], type: MediaStreamType = this.#type): Promise<void> {
    this.#type = type;
    const { by, mediaStream } = this.#captured ?? {};
    // A camera may have been unplugged since it was opened for a preview.
    if (by === undefined || (by === 'sdk' && mediaStream?.getVideoTracks()[0]?.readyState === 'ended')) {
      await this.switchTo(open, this.#device);
    }
  }

  /** @param ended What another camera, of the browser's choice, is to replace. */
  async switchTo(
    open: StreamOwner['openCamera'],
    device: VideoDeviceInfo | undefined,
    isOther: (track: MediaStreamTrack) => boolean = () => true,
  ): Promise<MediaStreamTrack> {
    const mediaStream = await open(device);
    try {
      this.#assertNotEnded();
      const [track] = mediaStream.getVideoTracks();
      if (track === undefined || !isOther(track)) {
        throw new MediaDeviceError('device_not_found', this.type === 'Video' ? 'camera' : 'screen');
      }
      const source = device ?? (this.type === 'Video' ? deviceOf(track) : undefined);
      await this.feed({ mediaStream, source, by: 'sdk' });

      return track;
    } catch (error) {
      stopTracks(mediaStream);
      throw error;
    }
  }

  /** Goes on with what was captured, which is sent and shown from now on. What was before is turned off. */
  async feed(captured: Captured): Promise<void> {
    const raw = videoOf(captured.mediaStream);
    const track = await this.#slot.process(raw);
    try {
      this.#assertNotEnded();
      await this.#owner?.send(track);
    } catch (error) {
      if (track !== raw) {
        track.stop();
      }
      throw error;
    }
    const before = this.source;
    this.#take(captured, track);
    if (before !== this.source) {
      this.#sourceChanged();
    }
    this.emit('mediaStreamChanged');
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
    this.#finish(this.#life === 'once' ? 'ended' : 'idle');
  }

  #finish(phase: 'ended' | 'idle'): void {
    const { codec } = this;
    this.#phase = phase;
    this.#owner = undefined;
    for (const renderer of this.#renderers) {
      renderer.dispose();
    }
    this.#slot.rest();
    this.#processed?.stop();
    this.#processed = undefined;
    const captured = this.#captured;
    if (phase === 'ended' || captured?.by === 'sdk') {
      this.#release.dispose();
      this.#device = captured?.source ?? this.#device;
      this.#captured = undefined;
    } else if (captured !== undefined) {
      this.#mediaStream = captured.mediaStream;
    }
    if (codec !== undefined) {
      this.emit('codecChanged');
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
      const onEnded = (): void => this.#owner?.onEnded(mediaStream, raw);
      raw.addEventListener('ended', onEnded);
      release.add(() => raw.removeEventListener('ended', onEnded));
      if (by === 'sdk') {
        release.add(() => stopTracks(mediaStream));
      }
      this.#release.dispose();
      this.#release = release;
    }
    this.#captured = captured;
    for (const renderer of this.#renderers) {
      renderer.setStream(this.#mediaStream);
    }
    if (processedBefore !== track) {
      processedBefore?.stop();
    }
  }

  #sourceChanged(): void {
    this.emit('sourceChanged');
    this.emit('videoSourceChanged');
  }

  /** The processor has failed. Never rejects. */
  async #goOnPlain(): Promise<void> {
    try {
      await this.#change(() => this.#feedAgain());
    } catch {
      // It was stopped meanwhile.
    }
  }

  async #feedAgain(): Promise<void> {
    if (this.#captured !== undefined) {
      await this.feed(this.#captured);
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

function videoOf(mediaStream: MediaStream): MediaStreamTrack {
  const [track] = mediaStream.getVideoTracks();
  if (track === undefined) {
    throw new TypeError('The MediaStream has no picture.');
  }

  return track;
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
