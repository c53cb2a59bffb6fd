import type { DevicesPort } from './DevicesPort.ts';

/** The devices port over the page's own `navigator`. */
export function browserDevices(): DevicesPort {
  return {
    getUserMedia: async (constraints) => mediaDevices().getUserMedia(constraints),
    getDisplayMedia: async (options) => mediaDevices().getDisplayMedia(options),
    enumerateDevices: async () => mediaDevices().enumerateDevices(),
    measure(track, onAmplitude) {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const timer = setInterval(() => {
        if (context.state !== 'running' && hasBeenTouched()) {
          // Begun before the page was touched, or interrupted by a telephone call.
          context.resume().catch(() => {});
        }
        analyser.getFloatTimeDomainData(samples);
        onAmplitude(Math.hypot(...samples) / Math.sqrt(samples.length));
      }, 100);

      return () => {
        clearInterval(timer);
        // Closed already is as good.
        context.close().catch(() => {});
      };
    },
    onDeviceChange(listener) {
      const devices = optionalMediaDevices();
      devices?.addEventListener('devicechange', listener);

      return () => devices?.removeEventListener('devicechange', listener);
    },
    async queryPermission(name) {
      try {
        return await navigator.permissions.query({ name });
      } catch {
        // Some browsers know no such permission name and throw.
        return undefined;
      }
    },
  };
}

function mediaDevices(): MediaDevices {
  const devices = optionalMediaDevices();
  if (devices === undefined) {
    // The name browsers use for the same: a page that is not secure has no devices (W3C Media Capture).
    throw new DOMException('This page is not in a secure context.', 'SecurityError');
  }

  return devices;
}

/** Taken for granted where the browser does not say. */
function hasBeenTouched(): boolean {
  const { userActivation }: { userActivation?: UserActivation } = navigator;

  return userActivation?.hasBeenActive ?? true;
}

/** The DOM library declares it always present; on pages without HTTPS it is not. */
function optionalMediaDevices(): MediaDevices | undefined {
  return navigator.mediaDevices;
}
