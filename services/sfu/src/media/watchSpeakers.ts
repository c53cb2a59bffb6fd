import type { types } from 'mediasoup';

/** Decibels of full scale that a voice must reach on average; quieter is breath and room. */
const thresholdDb = -60;

/** More people than this do not speak at once so that anybody could tell. */
const maxSpeakers = 8;

/** Marks a producer with whom it belongs to. */
export interface ProducerOwner extends types.AppData {
  readonly participantId: string;
}

/**
 * Listens to the audio producers that are added to the observer it answers, and tells who speaks, the loudest
 * first, whenever that list changes.
 */
export async function watchSpeakers(
  router: types.Router,
  intervalMs: number,
  onSpeakers: (participantIds: string[]) => void,
): Promise<types.AudioLevelObserver> {
  const observer = await router.createAudioLevelObserver({
    interval: intervalMs,
    threshold: thresholdDb,
    maxEntries: maxSpeakers,
  });
  let current: string[] = [];
  const hear = (participantIds: string[]): void => {
    if (participantIds.join() !== current.join()) {
      current = participantIds;
      onSpeakers(participantIds);
    }
  };

  observer.on('volumes', (volumes) => hear(volumes.map(({ producer }) => ownerOf(producer))));
  observer.on('silence', () => hear([]));

  return observer;
}

function ownerOf(producer: types.Producer): string {
  // Every producer of a call is made by MediasoupParticipantMedia, which sets this.
  return (producer.appData as ProducerOwner).participantId;
}
