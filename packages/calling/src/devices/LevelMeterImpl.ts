import type { Disposable } from '@parley/kit';
import { EventSource } from '../events.ts';
import type { DevicesPort } from './DevicesPort.ts';
import { MediaDeviceError } from './MediaDeviceError.ts';
import type { LevelMeter, LevelMeterEvents } from './deviceTypes.ts';

/** Below this, in decibels of full scale, a microphone in a quiet room is. */
const quietestDb = -60;

/** A microphone that is listened to by nobody but the meter. */
export class LevelMeterImpl extends EventSource<LevelMeterEvents> implements LevelMeter {
  readonly #track: MediaStreamTrack;
  readonly #stopMeasuring: Disposable;
  readonly #onDisposed: () => void;
  #level = 0;

  constructor(track: MediaStreamTrack, devices: DevicesPort, onDisposed: () => void) {
    super();
    this.#track = track;
    this.#onDisposed = onDisposed;
    try {
      this.#stopMeasuring = devices.measure(track, (amplitude) => this.#take(amplitude));
    } catch (error) {
      track.stop();
      throw MediaDeviceError.of(error, 'microphone');
    }
  }

  get level(): number {
    return this.#level;
  }

  dispose(): void {
    this.#track.stop();
    this.#stopMeasuring();
    this.#onDisposed();
  }

  #take(amplitude: number): void {
    const share = 1 - (20 * Math.log10(amplitude)) / quietestDb;
    const level = Math.round(100 * Math.min(1, Math.max(0, share)));
    if (level !== this.#level) {
      this.#level = level;
      this.emit('levelChanged');
    }
  }
}
