import { Disposer, exponentialBackoff, retry, type Clock } from '@parley/kit';
import { CallError } from '../errors.ts';
import type { RemoteAudioStream } from '../streams/streamTypes.ts';
import type { Subscribe } from '../streams/Subscription.ts';

/** Nobody asks again for a voice that is not heard, as they would for a picture. */
const policy = exponentialBackoff({ attempts: 6, firstDelayMs: 500, maxDelayMs: 8_000 });

interface RemoteAudioOptions {
  id: string;
  type: RemoteAudioStream['type'];
  subscribe: Subscribe;
  clock: Clock;
  play: (stream: MediaStream) => () => void;
  onStarted: (stream: RemoteAudioStream) => void;
}

/** One microphone or screen sound of a remote participant, received and played from `start()` to `end()`. */
export class RemoteAudio {
  readonly #options: RemoteAudioOptions;
  readonly #cleanups = new Disposer();
  #stream: RemoteAudioStream | undefined;

  constructor(options: RemoteAudioOptions) {
    this.#options = options;
  }

  /** Undefined until it is heard. */
  get stream(): RemoteAudioStream | undefined {
    return this.#stream;
  }

  start(): void {
    // What fails for good has gone, or the connection has, and the notification of that ends this object.
    this.#receive().catch(() => {});
  }

  end(): void {
    this.#cleanups.dispose();
  }

  async #receive(): Promise<void> {
    const { id, type, subscribe, play, onStarted } = this.#options;
    const subscription = await this.#persist(subscribe);
    this.#cleanups.add(() => subscription.closedByServer());
    if (this.#cleanups.disposed) {
      return;
    }
    this.#cleanups.add(play(subscription.stream));
    this.#stream = { id, type, mediaStream: subscription.stream };
    onStarted(this.#stream);
    await this.#persist(() => subscription.resume());
  }

  /** Each stream tries again by itself, so that one that cannot be had keeps none of its batch from being heard. */
  #persist<T>(task: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;

    return retry(task, {
      policy,
      isRetryable: (error) => !this.#cleanups.disposed && error instanceof CallError && error.isRetryable,
      clock: {
        now: () => clock.now(),
        schedule: (delayMs, callback) => {
          const timer = clock.schedule(delayMs, callback);
          this.#cleanups.add(() => timer.cancel());

          return timer;
        },
      },
    });
  }
}
