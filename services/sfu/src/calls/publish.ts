import { ProtocolError, type Action, type MediaSource, type ProducerInfo } from '@parley/protocol';
import type { ProduceOptions } from '../media/mediaTypes.ts';
import type { Call } from './Call.ts';
import type { Participant } from './Participant.ts';

/** Somebody in a call, and the call. */
export interface Participation {
  readonly call: Call;
  readonly participant: Participant;
}

const actionOfSource = {
  microphone: 'sendAudio',
  camera: 'sendVideo',
  screen: 'shareScreen',
  screenAudio: 'shareScreen',
} as const satisfies Record<MediaSource, Action>;

/**
 * Sends one more stream; answers the producer's id. Rejects with `forbidden` when the role may not send it,
 * `invalid_state` when the source is sent already and `invalid_request` when the parameters cannot be used.
 */
export async function produce(
  { call, participant }: Participation,
  options: ProduceOptions,
): Promise<string> {
  const { source, paused } = options;
  participant.require(actionOfSource[source]);
  participant.reserveSource(source);

  try {
    const producer = { id: await participant.media.produce(options), source, paused };
    requirePresence({ call, participant });
    participant.setProducer(producer);
    call.tell(
      { name: 'producerAdded', data: { callId: call.id, participantId: participant.id, producer } },
      participant,
    );

    return producer.id;
  } catch (error) {
    participant.releaseSource(source);
    throw error;
  }
}

/** Stops or restarts the sending of a stream for everyone. Rejects with `not_found` for one of somebody else. */
export async function setPaused(
  { call, participant }: Participation,
  producerId: string,
  paused: boolean,
): Promise<void> {
  const { media } = participant;
  const producer: ProducerInfo = { ...participant.producer(producerId), paused };
  await (paused ? media.pauseProducer(producerId) : media.resumeProducer(producerId));
  requirePresence({ call, participant });
  participant.setProducer(producer);
  call.tell(
    {
      name: paused ? 'producerPaused' : 'producerResumed',
      data: { callId: call.id, participantId: participant.id, producerId },
    },
    participant,
  );
}

/** Throws `not_found` for a producer of somebody else. */
export function unpublish({ call, participant }: Participation, producerId: string): void {
  const producer = participant.producer(producerId);
  participant.media.closeProducer(producerId);
  participant.removeProducer(producer);
  call.tell(
    { name: 'producerRemoved', data: { callId: call.id, participantId: participant.id, producerId } },
    participant,
  );
}

/** The participant may have left while the worker was asked. */
function requirePresence({ call, participant }: Participation): void {
  if (!call.has(participant)) {
    throw new ProtocolError('call_not_found');
  }
}
