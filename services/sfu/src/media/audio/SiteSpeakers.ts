import type { types } from 'mediasoup';

/** Decibels of full scale that a voice must reach on average; quieter is breath and room. */
const thresholdDb = -60;

/** More people than this do not speak at once so that anybody could tell. */
const maxSpeakers = 8;

/** Marks a producer with whom it belongs to. */
export interface ProducerOwner extends types.AppData {
  readonly participantId: string;
}

export interface SiteSpeakersListener {
  /** The loudest first; called when the list changes. */
  onSpeakers(participantIds: readonly string[]): void;
  onDominantSpeaker(participantId: string): void;
}

/** Has the worker listen for who speaks at one site, as long as everyone there is heard. */
export class SiteSpeakers {
  readonly #levels: types.AudioLevelObserver;
  readonly #activity: types.ActiveSpeakerObserver;

  private constructor(levels: types.AudioLevelObserver, activity: types.ActiveSpeakerObserver) {
    this.#levels = levels;
    this.#activity = activity;
  }

  static async open(
    router: types.Router,
    intervalMs: number,
    listener: SiteSpeakersListener,
  ): Promise<SiteSpeakers> {
    const [levels, activity] = await Promise.all([
      router.createAudioLevelObserver({
        interval: intervalMs,
        threshold: thresholdDb,
        maxEntries: maxSpeakers,
      }),
      router.createActiveSpeakerObserver({ interval: intervalMs }),
    ]);
    let current: string[] = [];
    const hear = (participantIds: string[]): void => {
      if (participantIds.join() !== current.join()) {
        current = participantIds;
        listener.onSpeakers(participantIds);
      }
    };
    levels.on('volumes', (volumes) => hear(volumes.map(({ producer }) => ownerOf(producer))));
    levels.on('silence', () => hear([]));
    activity.on('dominantspeaker', ({ producer }) => listener.onDominantSpeaker(ownerOf(producer)));

    return new SiteSpeakers(levels, activity);
  }

  add(producerId: string): void {
    for (const observer of [this.#levels, this.#activity]) {
      // Whether the worker hears it is no reason to refuse the stream; it fails only when that is gone again.
      observer.addProducer({ producerId }).catch(() => {});
    }
  }

  /** While the slots are on, this process hears for itself. */
  setListening(isListening: boolean): void {
    for (const observer of [this.#levels, this.#activity]) {
      const asked = isListening ? observer.resume() : observer.pause();
      asked.catch(() => {});
    }
  }
}

function ownerOf(producer: types.Producer): string {
  // Every producer of a call is made by MediasoupParticipantMedia, which sets this.
  return (producer.appData as ProducerOwner).participantId;
}
