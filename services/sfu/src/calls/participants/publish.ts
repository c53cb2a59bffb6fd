import {
  ProtocolError,
  type Action,
  type MediaSource,
  type CallNotification,
  type ProducerInfo,
  type RequestData,
} from '@parley/protocol';
import type { ProduceDataOptions, ProduceOptions } from '../../media/mediaTypes.ts';
import type { Call } from '../Call.ts';
import { endProducer, endWithSound } from './endProducer.ts';
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
 * Sends one more stream, or sends one again after its transport was lost, under the id it has; answers the producer's
 * id. Rejects with `forbidden` when the role may not send it, `invalid_state` when the source is being sent, or is the
 * sound of a screen that is not, `invalid_request` when the parameters cannot be used, and as `Beginnings` and `CallRate`
 * throw.
 */
export async function produce(participation: Participation, options: ProduceOptions): Promise<string> {
  const { call, participant } = participation;
  const { source } = options;
  call.roles.require(participant, actionOfSource[source]);
  const isKnown = participant.sent(source) !== undefined;

  return isKnown ? produceAgain(participation, options) : produceFirst(participation, options);
}

/**
 * Stops or restarts the sending of a stream for everyone. Rejects with `not_found` for one of somebody else, and as
 * `CallRate` throws when it is to be sent again.
 */
export async function setPaused(
  participation: Participation,
  producerId: string,
  paused: boolean,
): Promise<void> {
  const { call, participant } = participation;
  // To stop is never refused, however much goes on: to begin pays for both.
  if (!paused && participant.producer(producerId).paused) {
    call.rate.require(participant, 2);
  }
  const told = await pauseProducer(participation, producerId, paused);
  if (told !== undefined) {
    call.tell(told, participant);
  }
}

/**
 * Pauses the participant's microphone for them: everyone is told, its owner included, who may resume it. Nothing
 * happens while none is being sent.
 */
export async function mute(participation: Participation): Promise<void> {
  const { call, participant } = participation;
  const microphone = participant.sent('microphone');
  if (microphone !== undefined && !microphone.paused) {
    const told = await pauseProducer(participation, microphone.id, true);
    if (told !== undefined) {
      call.tell(told);
    }
  }
}

/** Its pictures are of another size from now on. Throws `not_found` for a producer of somebody else. */
export function resize(
  { participant }: Participation,
  producerId: string,
  size: RequestData<'resizeProducer'>['size'],
): void {
  participant.producer(producerId);
  participant.media.resizeProducer(producerId, size);
}

/** The sound of a screen ends with it, which its owner is told, too. Throws `not_found` for a producer of somebody else. */
export function unpublish(participation: Participation, producerId: string): void {
  const { call, participant } = participation;
  if (producerId === participant.endedSoundId) {
    return;
  }
  const [ended, ...alsoEnded] = endWithSound(call.id, participant, producerId);
  call.tell(ended, participant);
  alsoEnded.forEach((notification) => call.tell(notification));
}

/**
 * Opens a data channel to everyone else in the call; answers the data producer's id. Rejects with `forbidden` when the
 * role may not send data and `invalid_state` when the channel is open already.
 */
export async function produceData(
  { call, participant }: Participation,
  options: ProduceDataOptions,
): Promise<string> {
  call.roles.require(participant, 'sendData');
  const dataProducerId = await participant.media.produceData(options);
  // Their role may have changed while the worker was asked.
  participant.media.allowData(call.roles.allow(participant, 'sendData'));

  return dataProducerId;
}

/** Ends what the participant sends and may not send any more; everyone is told, the participant included. */
export function withdrawForbidden({ call, participant }: Participation): void {
  if (!participant.isPresent) {
    return;
  }
  participant.media.allowData(call.roles.allow(participant, 'sendData'));
  for (const { id, source } of participant.producers) {
    if (!call.roles.allow(participant, actionOfSource[source])) {
      call.tell(endProducer(call.id, participant, id));
    }
  }
}

async function produceFirst(participation: Participation, options: ProduceOptions): Promise<string> {
  const { call, participant } = participation;
  const { source, paused } = options;
  requireScreenBeside(participant, source);
  call.beginnings.require(participant, source);
  // Its end is never refused. Of a large call microphones are heard in slots, the sound of a screen by each.
  call.rate.requireForEach(participant, 2, source === 'screenAudio' ? call.present.length - 1 : 0);
  participant.reserveSource(source);

  try {
    const producer = { id: await participant.media.produce(options), source, paused };
    requirePresence(participation);
    requireStillAllowed(participation, producer);
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

/** To the others it was there all along; they are told when it has been muted or unmuted with it. */
async function produceAgain(participation: Participation, options: ProduceOptions): Promise<string> {
  const { call, participant } = participation;
  const id = await participant.media.produce(options);
  requirePresence(participation);
  const known = participant.producers.find((producer) => producer.id === id);
  if (known === undefined) {
    // The role was changed while the worker was asked, and the stream ended with it.
    participant.media.closeProducer(id);
    throw new ProtocolError('forbidden', `The ${options.source} may not be sent any more.`);
  }
  if (known.paused !== options.paused) {
    call.tell(setPausedState(participation, known, options.paused), participant);
  }

  return id;
}

/** Answers what is to be told, if it was otherwise before. */
async function pauseProducer(
  { call, participant }: Participation,
  producerId: string,
  paused: boolean,
): Promise<CallNotification | undefined> {
  const { media } = participant;
  participant.producer(producerId);
  await (paused ? media.pauseProducer(producerId) : media.resumeProducer(producerId));
  requirePresence({ call, participant });

  // Looked for again: the worker may have been asked to close it meanwhile.
  const producer = participant.producer(producerId);

  return producer.paused === paused ? undefined : setPausedState({ call, participant }, producer, paused);
}

/** Answers what is to be told. */
function setPausedState(
  { call, participant }: Participation,
  producer: ProducerInfo,
  paused: boolean,
): CallNotification {
  participant.setProducer({ ...producer, paused });

  return {
    name: paused ? 'producerPaused' : 'producerResumed',
    data: { callId: call.id, participantId: participant.id, producerId: producer.id },
  };
}

/** The participant may have left while the worker was asked. */
function requirePresence({ call, participant }: Participation): void {
  if (!call.has(participant)) {
    throw new ProtocolError('call_not_found');
  }
}

/** Nobody needs the sound of what is not shown; and everybody would hear it, unasked. */
function requireScreenBeside(participant: Participant, source: MediaSource): void {
  if (source === 'screenAudio' && participant.sent('screen') === undefined) {
    throw new ProtocolError('invalid_state', 'The sound of a screen is sent beside the screen.');
  }
}

/** Their role may have changed while the worker was asked, or the screen have ended that it is the sound of. */
function requireStillAllowed({ call, participant }: Participation, { id, source }: ProducerInfo): void {
  try {
    call.roles.require(participant, actionOfSource[source]);
    requireScreenBeside(participant, source);
  } catch (error) {
    participant.media.closeProducer(id);
    throw error;
  }
}
