import { createDeferred, Disposer, SerialQueue } from '@parley/kit';
import { CallError } from '../errors.ts';
import { snapshotOf } from '../rendering/snapshotOf.ts';
import type { VideoViewOptions } from '../rendering/VideoView.ts';
import { ViewRenderer } from '../rendering/ViewRenderer.ts';
import { assertDevice } from './assertDevice.ts';
import type { PreviewRenderer, VideoDeviceInfo } from './deviceTypes.ts';
import { stopTracks } from './LocalCapture.ts';
import { openInPlaceOf } from './openInPlaceOf.ts';

interface CameraPreviewOptions extends VideoViewOptions {
  device: VideoDeviceInfo | undefined;
  openCamera: (deviceId: string | undefined) => Promise<MediaStream>;
  onDisposed: () => void;
}

/** The person's own camera in the page, sent to nobody. */
export class CameraPreview extends ViewRenderer implements PreviewRenderer {
  readonly #openCamera: CameraPreviewOptions['openCamera'];
  // Starting, stopping and switching must not interleave: each would leave the other's camera on.
  readonly #queue = new SerialQueue('camera preview');
  #device: VideoDeviceInfo | undefined;
  #stream: MediaStream | undefined;
  /** Ends the wait for the first picture of what is shown, and forgets its listeners. */
  #release = new Disposer();

  constructor(options: CameraPreviewOptions) {
    super(options);
    this.#openCamera = options.openCamera;
    this.#device = options.device;
  }

  get videoDeviceInfo(): VideoDeviceInfo | undefined {
    return this.#device;
  }

  start(): Promise<void> {
    return this.#queue.push(async () => {
      if (this.#stream === undefined) {
        await this.#show(this.#device);
      }
    });
  }

  /** At once: a camera that gives no picture is waited for. */
  stop(): Promise<void> {
    this.#turnOff();

    return this.#queue.push(() => this.#turnOff());
  }

  async switchDevice(device: VideoDeviceInfo): Promise<void> {
    assertDevice(device);
    await this.#queue.push(async () => {
      this.#assertNotDisposed();
      if (this.#stream !== undefined && device.id !== this.#device?.id) {
        await this.#show(device);
      }
      if (device.id !== this.#device?.id) {
        this.#device = device;
        this.emit('videoDeviceInfoChanged');
      }
    });
  }

  async takeSnapshot(): Promise<ImageBitmap> {
    if (this.#stream === undefined) {
      throw new CallError('invalid_state', 'The preview is stopped.');
    }

    return snapshotOf(this.#stream);
  }

  override dispose(): void {
    this.#turnOff();
    super.dispose();
  }

  async #show(device: VideoDeviceInfo | undefined): Promise<void> {
    this.#assertNotDisposed();
    const before = this.#stream;
    let stream: MediaStream;
    try {
      stream = await openInPlaceOf(before, () => this.#openCamera(device?.id));
    } catch (error) {
      if (before !== undefined && before === this.#stream && !isLive(before)) {
        this.#turnOff();
        // It was turned off for the other one.
        await this.#show(this.#device).catch(() => {});
      }
      throw error;
    }
    if (this.isDisposed) {
      stopTracks(stream);

      return;
    }
    this.#turnOff();
    this.#stream = stream;
    const release = new Disposer();
    this.#release = release;
    const stopped = createDeferred<void>();
    release.add(() => stopped.resolve());
    for (const track of stream.getVideoTracks()) {
      // It was unplugged, and can be started again.
      const onEnded = (): void => this.#turnOff();
      track.addEventListener('ended', onEnded);
      release.add(() => track.removeEventListener('ended', onEnded));
    }
    await Promise.race([this.#showPicture(stream), stopped.promise]);
  }

  async #showPicture(stream: MediaStream): Promise<void> {
    await this.view.show(stream);
    if (stream === this.#stream) {
      this.setPhase('rendering');
    }
  }

  #assertNotDisposed(): void {
    if (this.isDisposed) {
      throw new CallError('invalid_state', 'The preview was disposed.');
    }
  }

  #turnOff(): void {
    if (this.#stream !== undefined) {
      stopTracks(this.#stream);
      this.#stream = undefined;
      this.#release.dispose();
      this.setStream(null);
      this.setPhase('waiting');
    }
  }
}

function isLive(stream: MediaStream): boolean {
  return stream.getVideoTracks().some(({ readyState }) => readyState === 'live');
}
