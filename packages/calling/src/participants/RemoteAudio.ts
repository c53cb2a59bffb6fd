import type { RemoteAudioStream } from '../streams/streamTypes.ts';
import type { Hearing } from './ParticipantMedia.ts';

interface RemoteAudioOptions {
  id: string;
  type: RemoteAudioStream['type'];
  hear: (onChanged: () => void) => Hearing;
  onChanged: (update: { added: RemoteAudioStream[]; removed: RemoteAudioStream[] }) => void;
}

/** One microphone or screen sound of a remote participant; it is heard whenever the server brings it. */
export class RemoteAudio {
  readonly #options: RemoteAudioOptions;
  readonly #hearing: Hearing;
  #stream: RemoteAudioStream | undefined;

  constructor(options: RemoteAudioOptions) {
    this.#options = options;
    this.#hearing = options.hear(() => this.#update(this.#hearing.stream));
  }

  /** Undefined while it is not heard. */
  get stream(): RemoteAudioStream | undefined {
    return this.#stream;
  }

  /** It may be heard already, from a slot. */
  start(): void {
    this.#update(this.#hearing.stream);
  }

  end(): void {
    this.#hearing.end();
    this.#update(undefined);
  }

  #update(mediaStream: MediaStream | undefined): void {
    const before = this.#stream;
    if (before?.mediaStream === mediaStream) {
      return;
    }
    const { id, type, onChanged } = this.#options;
    this.#stream = mediaStream === undefined ? undefined : { id, type, mediaStream };
    onChanged({
      added: this.#stream === undefined ? [] : [this.#stream],
      removed: before === undefined ? [] : [before],
    });
  }
}
