import { EventSource } from '../events.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import { CallError } from '../errors.ts';
import type { RenderOptions, ScalingMode, VideoRenderer } from '../rendering/renderingTypes.ts';
import { showFirstFrame } from '../rendering/showFirstFrame.ts';
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
  #phase: 'running' | 'ended' = 'running';
  #source: VideoDeviceInfo | undefined;
  #mediaStream: MediaStream;

  constructor(options: LocalVideoStreamOptions) {
    super();
    this.type = options.type;
    this.#source = options.source;
    this.#mediaStream = options.mediaStream;
    this.#switchSource = options.switchSource;
  }

  get mediaStreamType(): MediaStreamType {
    return this.type;
  }

  get source(): VideoDeviceInfo | undefined {
    return this.#source;
  }

  get mediaStream(): MediaStream {
    return this.#mediaStream;
  }

  async render(
    target: HTMLElement,
    scalingMode: ScalingMode = 'Crop',
    options: RenderOptions = {},
  ): Promise<VideoRenderer> {
    assertRenderArguments(target, scalingMode);
    if (this.#phase === 'ended') {
      throw new CallError('invalid_state', 'The stream was stopped.');
    }
    const renderer = new ViewRenderer({
      target,
      scalingMode,
      mirrored: options.isMirrored ?? this.type === 'Video',
      onDisposed: () => this.#renderers.delete(renderer),
    });
    this.#renderers.add(renderer);
    await showFirstFrame(renderer, () => renderer.show(this.#mediaStream), options);

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
    this.#phase = 'ended';
    for (const renderer of this.#renderers) {
      renderer.dispose();
    }
  }
}
