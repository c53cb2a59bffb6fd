/** In pixels. */
export interface FrameSize {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/**
 * Draws what is sent in place of `frame`. The context is empty and in its initial state each time. While a promise that it
 * returns is pending, frames that come are left out.
 */
export type DrawFrame = (
  frame: CanvasImageSource,
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  size: FrameSize,
) => void | Promise<void>;

/** What a processor of pictures is made of. */
export interface VideoProcessorOptions {
  /** For logs and errors. */
  readonly name?: string;
  /** Draws each frame. */
  readonly draw: DrawFrame;
}

/** Frames on their way from one track to another. */
export interface PipelineOptions {
  readonly track: MediaStreamTrack;
  readonly draw: DrawFrame;
  /** Aborted when they are not wanted any more, be it before the first. */
  readonly signal: AbortSignal;
  /** A frame was drawn. */
  readonly onFrame: () => void;
  /** There are no more of them: with an error, unless the track has ended. */
  readonly onEnd: (error?: unknown) => void;
}
