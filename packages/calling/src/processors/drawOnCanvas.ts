import type { FramePipeline, PipelineOptions } from './videoProcessorTypes.ts';

export function canDrawOnCanvas(): boolean {
  return (
    typeof HTMLCanvasElement === 'function' && typeof HTMLCanvasElement.prototype.captureStream === 'function'
  );
}

/** Draws what a hidden element shows of the track. */
export async function drawOnCanvas({
  track,
  draw,
  onFrame,
  onError,
}: PipelineOptions): Promise<FramePipeline> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) {
    throw new DOMException('Nothing can be drawn here.', 'NotSupportedError');
  }
  const drawFrame = async (): Promise<void> => {
    const { videoWidth: width, videoHeight: height } = video;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.reset();
    await draw(video, context, { width, height });
    onFrame();
  };
  await video.play();
  await drawFrame();
  const [output] = canvas.captureStream().getVideoTracks();
  if (output === undefined) {
    throw new DOMException('The canvas cannot be captured.', 'NotSupportedError');
  }
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
    video.srcObject = null;
  };
  const follow = async (): Promise<void> => {
    // Whoever has the output stops it when they need it no more.
    while (!stopping.signal.aborted && output.readyState === 'live') {
      await new Promise((resolve) => {
        video.requestVideoFrameCallback(resolve);
      });
      await drawFrame();
    }
  };
  follow().then(stop, (error: unknown) => {
    stop();
    onError(error);
  });

  return { track: output, stop };
}
