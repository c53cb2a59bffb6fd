import { createDeferred, Disposer } from '@parley/kit';
import { CallError } from '../errors.ts';
import { playElement, type Player } from './playElement.ts';
import type { ScalingMode } from './renderingTypes.ts';

const objectFit: Readonly<Record<ScalingMode, string>> = { Crop: 'cover', Fit: 'contain', Stretch: 'fill' };

/** HTMLMediaElement.HAVE_CURRENT_DATA of the HTML standard. */
const haveCurrentData = 2;

export interface VideoViewOptions {
  target: HTMLElement;
  scalingMode: ScalingMode;
  /** As in a mirror, the way people know their own face. */
  mirrored: boolean;
  /** The picture has come, or has another size, in pixels. */
  onSize?: ((size: { width: number; height: number }) => void) | undefined;
}

/** One `<video>` inside one element of the page. */
export class VideoView {
  readonly target: HTMLElement;
  readonly #element: HTMLVideoElement;
  readonly #cleanups = new Disposer();
  readonly #firstFrame = createDeferred<void>();
  #scalingMode: ScalingMode;
  #player: Player | undefined;
  /** By the application. */
  #isPaused = false;

  constructor({ target, scalingMode, mirrored, onSize }: VideoViewOptions) {
    this.target = target;
    this.#scalingMode = scalingMode;
    const element = target.ownerDocument.createElement('video');
    // A muted video may play without a gesture, and sound has elements of its own; iOS would otherwise go full
    // screen.
    element.muted = true;
    element.playsInline = true;
    element.autoplay = true;
    element.style.display = 'block';
    element.style.width = '100%';
    element.style.height = '100%';
    element.style.objectFit = objectFit[scalingMode];
    if (mirrored) {
      element.style.transform = 'scaleX(-1)';
    }
    this.#element = element;
    if (onSize !== undefined) {
      const tell = (): void => onSize({ width: element.videoWidth, height: element.videoHeight });
      element.addEventListener('resize', tell);
      this.#cleanups.add(() => element.removeEventListener('resize', tell));
    }
    // A view may go away before anybody waits for its picture.
    this.#firstFrame.promise.catch(() => {});
    this.#cleanups.add(() => {
      this.#firstFrame.reject(new CallError('not_found', 'The stream is no longer there.'));
    });
  }

  get scalingMode(): ScalingMode {
    return this.#scalingMode;
  }

  set scalingMode(scalingMode: ScalingMode) {
    this.#scalingMode = scalingMode;
    this.#element.style.objectFit = objectFit[scalingMode];
  }

  /** Puts the picture into the page; resolves with its first frame and rejects when `dispose()` comes before. */
  show(stream: MediaStream): Promise<void> {
    const element = this.#element;
    if (this.#cleanups.disposed) {
      return this.#firstFrame.promise;
    }
    this.setStream(stream);
    if (element.parentNode !== this.target) {
      // Not requestVideoFrameCallback: in a tab in the background it never comes.
      const onFrame = (): void => this.#firstFrame.resolve();
      element.addEventListener('loadeddata', onFrame, { once: true });
      this.target.append(element);
      const page = element.ownerDocument;
      const onVisibility = (): void => this.#goOn();
      page.addEventListener('visibilitychange', onVisibility);
      this.#cleanups.add(() => {
        page.removeEventListener('visibilitychange', onVisibility);
        element.removeEventListener('loadeddata', onFrame);
        element.srcObject = null;
        element.remove();
      });
    }
    this.#play();
    if (element.readyState >= haveCurrentData) {
      this.#firstFrame.resolve();
    }

    return this.#firstFrame.promise;
  }

  setStream(stream: MediaStream | null): void {
    if (!this.#cleanups.disposed && this.#element.srcObject !== stream) {
      this.#element.srcObject = stream;
      if (stream !== null && !this.#isPaused && this.#player !== undefined) {
        // Not by `autoplay` alone: where that is refused, as by iOS to save power, the next touch begins it.
        this.#play();
      }
    }
  }

  /** Freezes the picture. */
  pause(): void {
    this.#isPaused = true;
    // Neither a touch nor a way out of the page begins it.
    this.#player?.stop();
    this.#element.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#cleanups.disposed) {
      this.#play();
    }
  }

  dispose(): void {
    this.#player?.stop();
    this.#cleanups.dispose();
  }

  /** iOS pauses pictures, too, during a telephone call, and leaves them so. */
  #goOn(): void {
    const { ownerDocument: page, paused } = this.#element;
    if (page.visibilityState === 'visible' && paused && !this.#isPaused) {
      this.#play();
    }
  }

  #play(): void {
    this.#player?.stop();
    this.#player = playElement(this.#element);
  }
}

/** Throws the `TypeError` of a wrong argument to `render`. */
export function assertRenderArguments(target: HTMLElement, scalingMode: ScalingMode): void {
  // By its shape, not its class: the element may belong to another window than this script.
  if ((target as Partial<Node> | null | undefined)?.nodeType !== 1) {
    throw new TypeError('The target of render() must be an element of a page.');
  }
  assertScalingMode(scalingMode);
}

export function assertScalingMode(scalingMode: ScalingMode): void {
  if (!Object.hasOwn(objectFit, scalingMode)) {
    throw new TypeError("The scaling mode must be 'Stretch', 'Crop' or 'Fit'.");
  }
}
