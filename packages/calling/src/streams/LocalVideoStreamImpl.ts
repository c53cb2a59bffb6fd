import { EventSource } from '../events.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { CallError, toCallError } from '../errors.ts';
import type { ScalingMode, VideoRenderer } from '../rendering/renderingTypes.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { ViewRenderer } from '../rendering/ViewRenderer.ts';
import type { LocalVideoStream, LocalVideoStreamEvents, MediaStreamType } from './streamTypes.ts';

interface LocalVideoStreamOptions {
  type: MediaStreamType;
  source: VideoDeviceInfo | undefined;
  mediaStream: MediaStream;
  /** Has the owner of the camera change over; it answers through `replace`. */
  switchSource: (device: VideoDeviceInfo) => Promise<void>;
}

export class LocalVideoStreamImpl extends EventSource<LocalVideoStreamEvents> implements LocalVideoStream {
  readonly type: MediaStreamType;
  readonly #switchSource: LocalVideoStreamOptions['switchSource'];
  readonly #renderers = new Set<ViewRenderer>();
  #source: VideoDeviceInfo | undefined;
  #mediaStream: MediaStream;

  constructor(options: LocalVideoStreamOptions) {
    super();
    this.type = options.type;
    this.#source = options.source;
    this.#mediaStream = options.mediaStream;
    this.#switchSource = options.switchSource;
  }

  get source(): VideoDeviceInfo | undefined {
    return this.#source;
  }

  get mediaStream(): MediaStream {
    return this.#mediaStream;
  }

  async render(target: HTMLElement, scalingMode: ScalingMode = 'Crop'): Promise<VideoRenderer> {
    assertRenderArguments(target, scalingMode);
    const renderer = new ViewRenderer({
      target,
      scalingMode,
      mirrored: this.type === 'Video',
      onDisposed: () => this.#renderers.delete(renderer),
    });
    this.#renderers.add(renderer);
    try {
      await renderer.show(this.#mediaStream);
    } catch (error) {
      renderer.dispose();
      throw toCallError(error);
    }

    return renderer;
  }

  async switchSource(device: VideoDeviceInfo): Promise<void> {
    if (this.type !== 'Video') {
      throw new CallError('invalid_state', 'A shared screen has no other source.');
    }
    await this.#switchSource(device);
  }

  /** The owner has changed over. */
  replace(mediaStream: MediaStream, source: VideoDeviceInfo): void {
    this.#mediaStream = mediaStream;
    this.#source = source;
    for (const renderer of this.#renderers) {
      renderer.setStream(mediaStream);
    }
    this.emit('sourceChanged');
    this.emit('mediaStreamChanged');
  }

  /** The owner has turned the source off. Idempotent. */
  end(): void {
    for (const renderer of this.#renderers) {
      renderer.dispose();
    }
  }
}
