import type { CallSite } from './CallSite.ts';
import type { Stream } from './Stream.ts';
import { watchSpeakers } from './watchSpeakers.ts';
import type { types } from 'mediasoup';

export interface CallAudioOptions {
  readonly speakerIntervalMs: number;
  readonly onSpeakers: (participantIds: readonly string[], dominantSpeaker: string | undefined) => void;
}

/** Who hears whom in one call, and who is heard to speak: everyone hears everybody else. */
export class CallAudio {
  readonly #options: CallAudioOptions;
  readonly #observers = new Map<CallSite, types.AudioLevelObserver>();
  /** Who speaks at each site, the loudest first. */
  readonly #speakers = new Map<CallSite, readonly string[]>();

  constructor(options: CallAudioOptions) {
    this.#options = options;
  }

  async openSite(site: CallSite): Promise<void> {
    const { speakerIntervalMs } = this.#options;
    const observer = await watchSpeakers(site.router, speakerIntervalMs, (participantIds) =>
      this.#hear(site, participantIds),
    );
    this.#observers.set(site, observer);
  }

  closeSite(site: CallSite): void {
    this.#observers.delete(site);
    if (this.#speakers.has(site)) {
      this.#hear(site, []);
    }
    this.#speakers.delete(site);
  }

  /** Which of the streams the participant is to hear. */
  heardBy(participantId: string, streams: readonly Stream[]): readonly Stream[] {
    return streams.filter(({ kind, participantId: sender }) => kind === 'audio' && sender !== participantId);
  }

  streamOpened(site: CallSite, stream: Stream): void {
    if (stream.source === 'microphone') {
      // Whether the worker hears it is no reason to refuse the stream; it fails only when that is gone again.
      this.#observers
        .get(site)
        ?.addProducer({ producerId: stream.id })
        .catch(() => {});
    }
  }

  #hear(site: CallSite, participantIds: readonly string[]): void {
    this.#speakers.set(site, participantIds);
    const speakers = [...this.#speakers.values()].flat();
    this.#options.onSpeakers(speakers, speakers[0]);
  }
}
