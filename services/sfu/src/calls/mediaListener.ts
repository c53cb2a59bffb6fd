import type { CallNotification, EndReasonName } from '@parley/protocol';
import type { CallMediaListener } from '../media/mediaTypes.ts';
import type { CallParts } from './callParts.ts';
import { endWithSound } from './participants/endProducer.ts';
import type { Participant } from './participants/Participant.ts';

/** The call whose media it is, as far as that has something to say to it. */
interface Listening extends Pick<CallParts, 'speakers' | 'uplinks' | 'audioSlots' | 'departures'> {
  find(participantId: string): Participant | undefined;
  tell(notification: CallNotification): void;
  end(reason: EndReasonName): void;
}

/** Passes on what the media says, which is of no interest as long as there is no call yet. */
export function mediaListener(callId: string, present: () => Listening | undefined): CallMediaListener {
  const tell = (participantId: string, notification: CallNotification): void =>
    present()?.find(participantId)?.tell(notification);

  return {
    onSpeakers: (participantIds, dominant) => present()?.speakers.hear(participantIds, dominant),
    onWeakSenders: (participantIds) => present()?.uplinks.change(participantIds),
    onAudioSlots: (slots) => present()?.audioSlots.change(slots),
    onConsumersAdded: (participantId, consumers) =>
      tell(participantId, { name: 'consumersAdded', data: { callId, consumers: [...consumers] } }),
    onConsumersClosed: (participantId, consumerIds) =>
      tell(participantId, { name: 'consumersClosed', data: { callId, consumerIds: [...consumerIds] } }),
    onEncodingsWanted: (participantId, producerId, wanted) =>
      tell(participantId, { name: 'encodingsWanted', data: { callId, producerId, wanted: [...wanted] } }),
    onReset: (participantId, media) => tell(participantId, { name: 'mediaReset', data: { callId, media } }),
    onExcess: (participantId) => {
      const participant = present()?.find(participantId);
      if (participant !== undefined) {
        present()?.departures.expelForExcess(participant);
      }
    },
    onStreamBarred: (participantId, producerId) => {
      const participant = present()?.find(participantId);
      // One that is just being begun is not known to anybody yet.
      if (participant?.producers.some(({ id }) => id === producerId) === true) {
        for (const notification of endWithSound(callId, participant, producerId)) {
          present()?.tell(notification);
        }
      }
    },
    onLost: (reason) => present()?.end(reason),
  };
}
