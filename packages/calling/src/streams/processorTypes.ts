/** What a processor tells while it works. */
export interface ProcessorListener {
  /** It cannot go on: what was captured is sent as it is from now on, and the processor is stopped. */
  onError(error: unknown): void;
  /** It does not keep up with what is captured, for whole seconds. Sound has no frame rate. */
  onFrameRateLow(framesPerSecond: number): void;
}

/** Changes what is captured before it is sent. One processor serves one stream at a time. */
export interface TrackProcessor {
  /** For logs and errors. */
  readonly name: string;
  /** Whether this browser has what it needs. */
  readonly isSupported: boolean;
  /**
   * Answers a track that shows, or sounds like, `track` with the change made, and of the same size. It is called again
   * with another track, without a `stop()` in between, when the device changes. What it answers is stopped by the SDK when
   * it is not needed any more; `track` must not be stopped here.
   */
  start(track: MediaStreamTrack, listener: ProcessorListener): Promise<MediaStreamTrack>;
  /**
   * Gives up everything. Called once for all that was started, and once more where that was still to begin; it may be started
   * again. What it throws reaches the page's own
   * error reporting, and keeps nothing else from ending.
   */
  stop(): void;
}

export interface VideoProcessor extends TrackProcessor {
  /** Tells it from one of sound. */
  readonly kind: 'video';
}

export interface AudioProcessor extends TrackProcessor {
  /** Tells it from one of pictures. */
  readonly kind: 'audio';
}
