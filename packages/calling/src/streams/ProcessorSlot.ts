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
  /** Aborted when what is being started is not waited for any more. */
  #starting = new AbortController();
  #starts = 0;

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
      stop(before);
      this.#giveUp();
      this.#options.onChanged();
    }
  }

  /**
   * What is to be sent of what was captured: that itself where there is no processor, or it fails. Waits for as long as the
   * processor takes, unless it is another one or rests by then. Never rejects.
   */
  async process(captured: MediaStreamTrack): Promise<MediaStreamTrack> {
    const processor = this.#processor;
    if (processor === undefined) {
      return captured;
    }
    const { signal } = this.#starting;
    this.#starts += 1;
    const starts = this.#starts;
    try {
      const starting = processor.start(captured, {
        onError: (error) => this.#fail(processor, error),
        onFrameRateLow: (framesPerSecond) => {
          if (processor === this.#processor) {
            this.#options.onFrameRateLow(framesPerSecond);
          }
        },
      });
      const drop = (track: MediaStreamTrack): void => {
        if (track !== captured) {
          track.stop();
        }
        // Stopped while it began, which may have come too early for it; unless it was begun anew since.
        if (starts === this.#starts || processor !== this.#processor) {
          stop(processor);
        }
      };
      void starting.then(
        (track) => (signal.aborted ? drop(track) : undefined),
        () => {},
      );
      const givenUp = new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined));
      });
      const track = await Promise.race([starting, givenUp]);
      if (track !== undefined) {
        // What the encoder is to keep of a screen is the same (W3C mst-content-hint).
        track.contentHint ||= captured.contentHint;

        return track;
      }
    } catch (error) {
      this.#fail(processor, error);
    }

    return processor === this.#processor ? captured : this.process(captured);
  }

  /** Nothing is captured any more; the processor stays for what comes next. */
  rest(): void {
    stop(this.#processor);
    this.#giveUp();
  }

  #giveUp(): void {
    this.#starting.abort();
    this.#starting = new AbortController();
  }

  #fail(processor: Processor | undefined, error: unknown): void {
    if (processor !== undefined && processor === this.#processor) {
      this.set(undefined);
      this.#options.onFailed(error, processor);
    }
  }
}

/** The application's own code, which must not keep anything else from ending: its error is reported as that of a listener. */
function stop(processor: VideoProcessor | AudioProcessor | undefined): void {
  try {
    processor?.stop();
  } catch (error) {
    rethrowLater(error);
  }
}
