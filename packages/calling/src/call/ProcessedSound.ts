import { ProcessorSlot, type ProcessorSlotOptions } from '../streams/ProcessorSlot.ts';
import type { AudioProcessor } from '../streams/processorTypes.ts';

export interface ProcessedSoundOptions {
  /** The application's own is never stopped or silenced by the SDK. */
  isOfApplication: (track: MediaStreamTrack) => boolean;
  processing: Omit<ProcessorSlotOptions<AudioProcessor>, 'kind'>;
}

/** What is sent of what a microphone captures: the same, or what a processor makes of it. */
export class ProcessedSound {
  readonly #options: ProcessedSoundOptions;
  readonly #slot: ProcessorSlot<AudioProcessor>;
  #track: MediaStreamTrack | undefined;

  /** @param onFailed The processor has failed, and is out. */
  constructor(options: ProcessedSoundOptions, onFailed: () => void) {
    this.#options = options;
    this.#slot = new ProcessorSlot<AudioProcessor>({
      kind: 'audio',
      ...options.processing,
      onFailed: (error, processor) => {
        options.processing.onFailed(error, processor);
        onFailed();
      },
    });
  }

  get processor(): AudioProcessor | undefined {
    return this.#slot.processor;
  }

  /** What is sent now. */
  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** Takes hold with the next `process()`. */
  setProcessor(processor: AudioProcessor | undefined): void {
    this.#slot.assertTakes(processor);
    this.#slot.set(processor);
  }

  process(captured: MediaStreamTrack): Promise<MediaStreamTrack> {
    return this.#slot.process(captured);
  }

  /** Goes on with that; what was made of `captured` before, and is not that itself, is over. */
  take(track: MediaStreamTrack, captured: MediaStreamTrack | undefined): void {
    const before = this.#track;
    if (before !== undefined && before !== track && before !== captured) {
      this.stop(before);
    }
    this.#track = track;
  }

  silence(isMuted: boolean, track = this.#track): void {
    if (track !== undefined && !this.#options.isOfApplication(track)) {
      track.enabled = !isMuted;
    }
  }

  stop(track: MediaStreamTrack): void {
    if (!this.#options.isOfApplication(track)) {
      track.stop();
    }
  }

  /** Nothing is sent any more. */
  rest(): void {
    if (this.#track !== undefined) {
      this.stop(this.#track);
    }
    this.#slot.rest();
    this.#track = undefined;
  }
}
