import type { PipelineOptions } from './videoProcessorTypes.ts';

/** Where the browser tells of no frames, this often one is looked at; a page that is not seen is told of none, either. */
const [untoldMs, unseenMs] = [33, 200];

export function canDrawOnCanvas(): boolean {
  return (
    typeof HTMLCanvasElement === 'function' && typeof HTMLCanvasElement.prototype.captureStream === 'function'
  );
}

/** Draws what a hidden element shows of the track. */
export async function drawOnCanvas(options: PipelineOptions): Promise<MediaStreamTrack> {
  const { track, draw, signal, onFrame, onEnd } = options;
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  // Also ends the wait for the first frame.
  signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
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
  // Whoever has the output stops it when they need it no more.
  const isWanted = (): boolean =>
    !signal.aborted && output.readyState === 'live' && track.readyState === 'live';
  const follow = async (): Promise<void> => {
    while (isWanted()) {
      await nextFrame(video);
      if (isWanted()) {
        await drawFrame();
      }
    }
  };
  follow()
    .finally(() => (video.srcObject = null))
    .then(() => onEnd(), onEnd);

  return output;
}

function nextFrame(video: HTMLVideoElement): Promise<void> {
  // Newer than some browsers, whatever the DOM library says.
  const isTold = 'requestVideoFrameCallback' in (video as object);

  return new Promise((resolve) => {
    const callback = isTold ? video.requestVideoFrameCallback(() => done()) : undefined;
    const timer = setTimeout(() => done(), isTold ? unseenMs : untoldMs);
    const done = (): void => {
      clearTimeout(timer);
      if (callback !== undefined) {
        video.cancelVideoFrameCallback(callback);
      }
      resolve();
    };
  });
}
