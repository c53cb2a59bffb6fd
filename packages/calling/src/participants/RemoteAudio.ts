import { Disposer } from '@parley/kit';
import type { RemoteAudioStream } from '../streams/streamTypes.ts';
import type { Subscribe } from '../streams/Subscription.ts';

interface RemoteAudioOptions {
  id: string;
  type: RemoteAudioStream['type'];
  subscribe: Subscribe;
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
    // It fails only when the stream or the connection has gone, and the notification of that ends this object.
    this.#receive().catch(() => {});
  }

  end(): void {
    this.#cleanups.dispose();
  }

  async #receive(): Promise<void> {
    const { id, type, subscribe, play, onStarted } = this.#options;
    const subscription = await subscribe();
    this.#cleanups.add(() => subscription.closedByServer());
    if (this.#cleanups.disposed) {
      return;
    }
    this.#cleanups.add(play(subscription.stream));
    this.#stream = { id, type, mediaStream: subscription.stream };
    onStarted(this.#stream);
    await subscription.resume();
  }
}
