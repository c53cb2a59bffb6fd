import type { CallNotification } from '@parley/protocol';
import type { Participant } from './Participant.ts';

/** Ends a stream that the participant sends; answers what is to be told of it. Throws `not_found` for one of somebody else. */
export function endProducer(callId: string, participant: Participant, producerId: string): CallNotification {
  participant.producer(producerId);
  participant.media.closeProducer(producerId);
  participant.removeProducer(producerId);

  return { name: 'producerRemoved', data: { callId, participantId: participant.id, producerId } };
}
