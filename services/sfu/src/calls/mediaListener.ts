import type { CallNotification } from '@parley/protocol';
import type { CallMediaListener } from '../media/mediaTypes.ts';
import type { Call } from './Call.ts';
import { withdraw } from './participants/publish.ts';

/** Passes on what the media says, which is of no interest as long as there is no call yet. */
export function mediaListener(callId: string, present: () => Call | undefined): CallMediaListener {
  const tell = (participantId: string, notification: CallNotification): void =>
    present()?.find(participantId)?.tell(notification);

  return {
    onSpeakers: (participantIds, dominant) => present()?.speakers.hear(participantIds, dominant),
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
      const call = present();
      const participant = call?.find(participantId);
      if (call !== undefined && participant !== undefined) {
        withdraw({ call, participant }, producerId);
      }
    },
    onLost: (reason) => present()?.end(reason),
  };
}
