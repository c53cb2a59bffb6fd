/** What is sent in place of a camera and a microphone, so that nobody need be asked for them. */
export interface SyntheticMedia {
  readonly video: MediaStreamTrack | undefined;
  readonly audio: MediaStreamTrack | undefined;
  /** Idempotent. */
  close(): void;
}

export type OpenSyntheticMedia = (wanted: { readonly hasVideo: boolean }) => SyntheticMedia;

const width = 640;
const height = 360;
const framesPerSecond = 30;

/** Noise is what no encoder makes small: it fills whatever bit rate it is allowed. */
export const openSyntheticMedia: OpenSyntheticMedia = ({ hasVideo }) => {
  const cleanups: (() => void)[] = [];

  return {
    video: hasVideo ? openNoise(cleanups) : undefined,
    audio: openTone(cleanups),
    close: () => cleanups.splice(0).forEach((cleanUp) => cleanUp()),
  };
};

function openNoise(cleanups: (() => void)[]): MediaStreamTrack | undefined {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null || typeof canvas.captureStream !== 'function') {
    return undefined;
  }
  Object.assign(canvas, { width, height });
  const noise = new ImageData(width, height);
  for (let from = 0; from < noise.data.length; from += 65_536) {
    // The most that the browser gives at a time.
    crypto.getRandomValues(noise.data.subarray(from, from + 65_536));
  }
  const draw = (): void => {
    // The same noise elsewhere is cheap to draw, and new to an encoder that looks for motion nearby.
    const [x, y] = [Math.random() * width, Math.random() * height];
    for (const left of [x - width, x]) {
      for (const top of [y - height, y]) {
        context.putImageData(noise, left, top);
      }
    }
  };
  draw();
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  cleanups.push(() => {
    clearInterval(timer);
    track?.stop();
  });

  return track;
}

function openTone(cleanups: (() => void)[]): MediaStreamTrack | undefined {
  // Without a touch of the page the browser would refuse, and say so in the console.
  if (typeof AudioContext !== 'function' || !navigator.userActivation?.hasBeenActive) {
    return undefined;
  }
  const context = openContext();
  if (context === undefined) {
    return undefined;
  }
  const tone = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  tone.connect(destination);
  tone.start();
  const [track] = destination.stream.getAudioTracks();
  cleanups.push(() => {
    track?.stop();
    // Closed already is as good.
    context.close().catch(() => {});
  });

  return track;
}

/** Undefined where there is none to be had, as when the page has as many as the browser lets it have. */
function openContext(): AudioContext | undefined {
  try {
    return new AudioContext();
  } catch {
    return undefined;
  }
}
