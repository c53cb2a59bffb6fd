import type { CallNotification } from '@parley/protocol';
import type { Participant } from './Participant.ts';

/** Ends a stream that the participant sends; answers what is to be told of it. Throws `not_found` for one of somebody else. */
export function endProducer(callId: string, participant: Participant, producerId: string): CallNotification {
  participant.producer(producerId);
  participant.media.closeProducer(producerId);
  participant.removeProducer(producerId);

  return { name: 'producerRemoved', data: { callId, participantId: participant.id, producerId } };
}

/** The same with the sound of the screen, if a screen is what ends: nobody would see what they hear. */
export function endWithSound(
  callId: string,
  participant: Participant,
  producerId: string,
): [CallNotification, ...CallNotification[]] {
  const { source } = participant.producer(producerId);
  const ended = endProducer(callId, participant, producerId);
  const sound = source === 'screen' ? participant.sent('screenAudio') : undefined;
  if (sound === undefined) {
    return [ended];
  }
  participant.endedSoundId = sound.id;

  return [ended, endProducer(callId, participant, sound.id)];
}
