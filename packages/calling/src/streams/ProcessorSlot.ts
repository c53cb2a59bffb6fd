import { rethrowLater } from '@parley/kit';
import { CallError } from '../errors.ts';
import type { AudioProcessor, VideoProcessor } from './processorTypes.ts';

export interface ProcessorSlotOptions<Processor> {
  kind: MediaStreamTrack['kind'];
  onChanged: () => void;
  /** It has failed and is out of the slot: what is captured is to be sent as it is. */
  onFailed: (error: unknown, processor: Processor) => void;
  onFrameRateLow: (framesPerSecond: number) => void;
}

/** Where the processor of one stream is, if there is one. */
export class ProcessorSlot<Processor extends VideoProcessor | AudioProcessor> {
  readonly #options: ProcessorSlotOptions<Processor>;
  #processor: Processor | undefined;
  /** Tells what was begun before it was last stopped. */
  #stops = 0;

  constructor(options: ProcessorSlotOptions<Processor>) {
    this.#options = options;
  }

  get processor(): Processor | undefined {
    return this.#processor;
  }

  /** @throws TypeError for what is none of the kind. @throws CallError `not_supported` where it cannot work. */
  assertTakes(processor: Processor | undefined): void {
    if (processor === undefined) {
      return;
    }
    const { kind } = this.#options;
    if (processor?.kind !== kind || typeof processor.start !== 'function') {
      throw new TypeError(`A processor of the kind ${kind} is wanted.`);
    }
    if (!processor.isSupported) {
      throw new CallError('not_supported', `This browser cannot do ${processor.name}.`);
    }
  }

  /** Takes hold with the next `process()`. */
  set(processor: Processor | undefined): void {
    const before = this.#processor;
    if (processor !== before) {
      this.#processor = processor;
      this.#stop(before);
      this.#options.onChanged();
    }
  }

  /** What is to be sent of what was captured: that itself where there is no processor, or it fails. Never rejects. */
  async process(captured: MediaStreamTrack): Promise<MediaStreamTrack> {
    const processor = this.#processor;
    const stops = this.#stops;
    try {
      const track = await processor?.start(captured, {
        onError: (error) => this.#fail(processor, error),
        onFrameRateLow: (framesPerSecond) => {
          if (processor === this.#processor) {
            this.#options.onFrameRateLow(framesPerSecond);
          }
        },
      });
      if (stops !== this.#stops) {
        // It was stopped while it began, which may have come too early for it.
        this.#stop(processor);
      }

      return track ?? captured;
    } catch (error) {
      this.#fail(processor, error);

      return captured;
    }
  }

  /** Nothing is captured any more; the processor stays for what comes next. */
  rest(): void {
    this.#stop(this.#processor);
  }

  /** The application's own code, which must not keep anything else from ending: its error is reported as that of a listener. */
  #stop(processor: Processor | undefined): void {
    this.#stops += 1;
    try {
      processor?.stop();
    } catch (error) {
      rethrowLater(error);
    }
  }

  #fail(processor: Processor | undefined, error: unknown): void {
    if (processor !== undefined && processor === this.#processor) {
      this.set(undefined);
      this.#options.onFailed(error, processor);
    }
  }
}
