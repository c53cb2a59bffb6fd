import type { DevicesPort } from '../devices/DevicesPort.ts';

/** Root mean square of a voice near the microphone; the hum of a room, and a keyboard for most of the time, are below. */
const speechAmplitude = 0.03;

/** Of the latest measures, ten a second. */
const measuresKept = 15;
const speechMeasures = 6;

/**
 * Listens whether somebody speaks into a microphone that is muted. A copy of its track is measured, for a muted track has no
 * sound; the device is as open as it was before, and is turned off with the copy.
 */
export class SpeechMeter {
  readonly #copy: MediaStreamTrack;
  readonly #stopMeasuring: () => void;
  readonly #onSpeakingChanged: (isSpeaking: boolean) => void;
  #loud: boolean[] = [];

  constructor(
    track: MediaStreamTrack,
    devices: DevicesPort,
    onSpeakingChanged: (isSpeaking: boolean) => void,
  ) {
    this.#copy = track.clone();
    this.#copy.enabled = true;
    this.#onSpeakingChanged = onSpeakingChanged;
    this.#stopMeasuring = devices.measure(this.#copy, (amplitude) => this.#take(amplitude));
  }

  dispose(): void {
    this.#stopMeasuring();
    this.#copy.stop();
  }

  #take(amplitude: number): void {
    this.#loud = [...this.#loud, amplitude >= speechAmplitude].slice(-measuresKept);
    const measures = this.#loud.filter((isLoud) => isLoud).length;
    if (measures === 0) {
      this.#onSpeakingChanged(false);
    } else if (measures >= speechMeasures) {
      this.#onSpeakingChanged(true);
    }
  }
}
