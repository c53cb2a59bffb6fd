import type { AudioProcessor } from '../streams/processorTypes.ts';
import { noiseGateWorklet } from './noiseGateWorklet.ts';

/** When the gate opens and closes; each option may be left out. */
export interface NoiseGateOptions {
  /** What is quieter is silenced, in decibels below full scale; -50 by default, a quiet room. */
  readonly thresholdDb?: number;
  /** How long it stays open after the last loud sound, milliseconds; 300 by default, so that no word loses its end. */
  readonly holdMs?: number;
}

/** A page that nobody has touched may have to wait for its sound for ever. */
const startMs = 3_000;

/**
 * Silences the microphone while nobody speaks into it. It takes no noise out of speech, as the browser's own
 * `noiseSuppression` does, which is on by default: this is for what that leaves in the pauses.
 *
 * It runs in an AudioWorklet from a `blob:` URL, which a page's Content-Security-Policy has to allow (`script-src` or
 * `worker-src`). Where it does not the microphone is sent as it is, which `audioProcessorFailed` tells.
 *
 * @example
 * await call.setAudioProcessor(createNoiseGate({ thresholdDb: -45 }));
 * @throws TypeError for a threshold that is not below 0, and for a negative time.
 */
export function createNoiseGate({ thresholdDb = -50, holdMs = 300 }: NoiseGateOptions = {}): AudioProcessor {
  if (!(thresholdDb < 0) || !(holdMs >= 0)) {
    throw new TypeError('createNoiseGate() takes decibels below 0 and milliseconds that are not negative.');
  }
  const processorOptions = { threshold: 10 ** (thresholdDb / 20), holdSeconds: holdMs / 1_000 };
  const contexts = new Set<AudioContext>();
  const close = (context: AudioContext): void => {
    contexts.delete(context);
    // Closed already is as good.
    context.close().catch(() => {});
  };

  return {
    kind: 'audio',
    name: 'noise gate',
    get isSupported() {
      return typeof AudioWorkletNode === 'function';
    },
    async start(track, listener) {
      const before = [...contexts];
      const context = new AudioContext();
      contexts.add(context);
      // The system may interrupt it, as iOS does for a telephone call: the others would hear nothing for the rest of theirs.
      context.addEventListener('statechange', () => {
        if (contexts.has(context) && context.state !== 'running') {
          context.resume().catch(() => {});
        }
      });
      const url = URL.createObjectURL(new Blob([noiseGateWorklet], { type: 'text/javascript' }));
      try {
        await Promise.race([
          Promise.all([context.audioWorklet.addModule(url), context.resume()]),
          notWithin(startMs),
        ]);
        const gate = new AudioWorkletNode(context, 'parley-noise-gate', { processorOptions });
        gate.addEventListener('processorerror', (event) => listener.onError(event));
        const output = context.createMediaStreamDestination();
        context
          .createMediaStreamSource(new MediaStream([track]))
          .connect(gate)
          .connect(output);
        const [processed] = output.stream.getAudioTracks();
        if (processed === undefined) {
          throw new DOMException('No sound comes out of the page.', 'NotSupportedError');
        }
        before.forEach(close);

        return processed;
      } catch (error) {
        close(context);
        throw error;
      } finally {
        URL.revokeObjectURL(url);
      }
    },
    stop: () => contexts.forEach(close),
  };
}

async function notWithin(ms: number): Promise<never> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
  throw new DOMException('The page may not process sound yet.', 'NotAllowedError');
}
