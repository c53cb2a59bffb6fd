import type { ErrorCode, MediaOffer, RequestName, Role } from '@parley/protocol';
import { opusParameters } from './support/rtpParameters.ts';

/** How a request is answered. */
export type Outcome = ErrorCode | 'ok';

/**
 * Roles of somebody in the call, from the least to the most: a guest whose link makes a collaborator of them, and a
 * presenter whose token has run out, among them.
 */
export const insiders = ['consumer', 'attendee', 'guest', 'collaborator', 'expired', 'presenter'] as const;

/**
 * How somebody can stand to a call without being in it: rung into it, connected anew with a place whose connection was
 * lost, before the door, put out, a user of another application, one who was never there, a guest of another room, and
 * nobody in particular.
 */
export const outsiders = [
  'ringing',
  'lost',
  'waiting',
  'removed',
  'neighbour',
  'stranger',
  'passerby',
  'anonymous',
] as const;

export type Relation = (typeof insiders)[number] | (typeof outsiders)[number];

/** What a request is made of: who asks, and what there is in the call. */
export interface Situation {
  readonly roomId: string;
  readonly callId: string;
  readonly media: MediaOffer;
  readonly token: string;
  /** The asker's own place and send transport, of one who has or had one, and the camera of one who sends. */
  readonly ownId: string;
  readonly transportId: string;
  readonly ownProducerId: string;
  /** Somebody else in the call, who sends a microphone. */
  readonly victimId: string;
  readonly producerId: string;
  /** Somebody else of each role; the attendee is the victim. */
  readonly others: Readonly<Record<Role, string>>;
  /** Somebody who rings, whom no other asker asks about. */
  readonly rungId: string;
  /** Somebody who waits to be let in. */
  readonly waitingId: string;
}

export type Row = Readonly<Record<Relation, Outcome>> & {
  readonly data: (situation: Situation) => object;
};

/** Nobody learns of a call they are not in, but who was put out of it is told so. */
export const notIn = {
  ringing: 'call_not_found',
  lost: 'call_not_found',
  waiting: 'call_not_found',
  removed: 'removed_from_call',
  neighbour: 'call_not_found',
  stranger: 'call_not_found',
  passerby: 'call_not_found',
  anonymous: 'call_not_found',
} as const;

/** Who has one room and nothing else, or only numbers to dial. */
const visitors = { guest: 'forbidden', passerby: 'forbidden', anonymous: 'forbidden' } as const;

export const everyone = {
  consumer: 'ok',
  attendee: 'ok',
  guest: 'ok',
  collaborator: 'ok',
  expired: 'ok',
  presenter: 'ok',
} as const;

const nobody = (code: ErrorCode) =>
  ({
    consumer: code,
    attendee: code,
    guest: code,
    collaborator: code,
    expired: code,
    presenter: code,
  }) as const;

/** What has nothing to do with the call. */
const anybody = (outcome: Outcome) =>
  Object.fromEntries([...insiders, ...outsiders].map((relation) => [relation, outcome])) as Record<
    Relation,
    Outcome
  >;

/** What is refused to the role that may only look on. */
const senders = { ...everyone, consumer: 'forbidden' } as const;

/** What stands above others, and needs a token that has not run out. */
export const presenters = {
  consumer: 'forbidden',
  attendee: 'forbidden',
  guest: 'forbidden',
  collaborator: 'forbidden',
  expired: 'token_expired',
  presenter: 'ok',
} as const;

export const ofCall = ({ callId }: Situation) => ({ callId });
const entering = ({ callId, media }: Situation) => ({ callId, media });
export const ofVictim = ({ callId, victimId: participantId }: Situation) => ({ callId, participantId });
const ofNobody = ({ callId }: Situation) => ({ callId, participantId: 'nobody' });
const ofProducer = ({ callId, producerId }: Situation) => ({ callId, producerId });
const consumers = ({ callId }: Situation) => ({ callId, consumerIds: ['no-such-consumer'] });

/** Every request of the protocol: what it asks for, and how it is answered to whom. */
export const answers: Readonly<Record<RequestName, Row>> = {
  startCall: {
    data: ({ media }) => ({ callees: ['callee'], media }),
    ...everyone,
    expired: 'token_expired',
    lost: 'ok',
    waiting: 'ok',
    removed: 'ok',
    neighbour: 'callee_not_found',
    stranger: 'ok',
    ringing: 'ok',
    ...visitors,
  },
  joinRoom: {
    data: ({ roomId, media }) => ({ roomId, media }),
    ...nobody('invalid_state'),
    expired: 'token_expired',
    lost: 'ok',
    waiting: 'invalid_state',
    removed: 'removed_from_call',
    neighbour: 'room_not_found',
    stranger: 'ok',
    ringing: 'ok',
    passerby: 'forbidden',
    anonymous: 'forbidden',
  },
  // A room is entered by its name alone, as those learn who know the call.
  joinCall: {
    data: entering,
    ...nobody('invalid_state'),
    ...notIn,
    ...visitors,
    expired: 'token_expired',
    lost: 'invalid_state',
    ringing: 'invalid_state',
  },
  acceptCall: {
    data: entering,
    ...nobody('invalid_state'),
    ...notIn,
    ...visitors,
    waiting: 'invalid_state',
    expired: 'token_expired',
    ringing: 'ok',
  },
  rejectCall: {
    data: ofCall,
    ...nobody('invalid_state'),
    ...notIn,
    ...visitors,
    waiting: 'invalid_state',
    ringing: 'ok',
  },
  leaveCall: { data: ofCall, ...everyone, ...notIn, waiting: 'ok' },
  endCall: { data: ofCall, ...presenters, ...notIn },

  // Whoever has no place is told that it is over, and nothing else.
  resume: {
    data: ({ callId }) => ({ callId, resumeToken: 'made-up-by-somebody-else', sequence: 0 }),
    ...everyone,
    lost: 'ok',
    waiting: 'ok',
    removed: 'ok',
    neighbour: 'ok',
    stranger: 'ok',
    ringing: 'ok',
    passerby: 'ok',
    anonymous: 'ok',
  },
  restartIce: { data: ofCall, ...everyone, ...notIn },
  getSnapshot: { data: ofCall, ...everyone, ...notIn },
  refreshToken: {
    data: ({ token }) => ({ token }),
    ...everyone,
    expired: 'token_expired',
    lost: 'ok',
    waiting: 'ok',
    removed: 'ok',
    neighbour: 'ok',
    stranger: 'ok',
    ringing: 'ok',
    passerby: 'ok',
    anonymous: 'ok',
  },

  produce: {
    data: ({ callId, transportId }) => ({
      callId,
      transportId,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    }),
    ...senders,
    ...notIn,
  },
  // Of somebody else: whoever is in the call learns no more than that it is none of theirs.
  pauseProducer: { data: ofProducer, ...nobody('not_found'), ...notIn },
  resumeProducer: { data: ofProducer, ...nobody('not_found'), ...notIn },
  closeProducer: { data: ofProducer, ...nobody('not_found'), ...notIn },
  resizeProducer: {
    data: (world) => ({ ...ofProducer(world), size: { width: 640, height: 360 } }),
    ...nobody('not_found'),
    ...notIn,
  },
  consume: {
    data: ({ callId, producerId }) => ({ callId, producerIds: [producerId] }),
    ...everyone,
    ...notIn,
  },
  resumeConsumers: { data: consumers, ...everyone, ...notIn },
  pauseConsumers: { data: consumers, ...everyone, ...notIn },
  closeConsumers: { data: consumers, ...everyone, ...notIn },
  setViewports: {
    data: ({ callId }) => ({
      callId,
      viewports: [{ consumerId: 'no-such-consumer', width: 320, height: 180 }],
    }),
    ...everyone,
    ...notIn,
  },
  setMaxReceiveBitrate: {
    data: ({ callId }) => ({ callId, maxBitrate: 500_000 }),
    ...everyone,
    ...notIn,
  },
  produceData: {
    data: ({ callId, transportId }) => ({
      callId,
      transportId,
      channel: 'ordered',
      sctpStreamParameters: { streamId: 0, ordered: true },
    }),
    ...senders,
    ...notIn,
  },

  holdCall: { data: ofCall, ...everyone, ...notIn },
  unholdCall: { data: ofCall, ...everyone, ...notIn },
  // There is a lobby: to ring somebody in lets them pass it.
  addParticipants: {
    data: ({ callId }) => ({ callId, callees: ['callee'] }),
    ...presenters,
    ...notIn,
  },
  cancelRinging: {
    data: ofNobody,
    ...presenters,
    collaborator: 'not_found',
    presenter: 'not_found',
    ...notIn,
  },
  removeParticipant: { data: ofVictim, ...presenters, ...notIn },
  muteParticipants: {
    data: ({ callId, victimId }) => ({ callId, participantIds: [victimId] }),
    ...presenters,
    ...notIn,
  },
  changeRole: {
    data: (situation) => ({ ...ofVictim(situation), role: 'consumer' }),
    ...presenters,
    ...notIn,
  },
  admitParticipants: {
    data: ({ callId, waitingId }) => ({ callId, participantIds: [waitingId] }),
    ...presenters,
    ...notIn,
  },
  denyParticipants: {
    data: ({ callId, waitingId }) => ({ callId, participantIds: [waitingId] }),
    ...presenters,
    ...notIn,
  },

  raiseHand: { data: ofCall, ...everyone, ...notIn },
  lowerHand: { data: ofVictim, ...presenters, ...notIn },
  sendReaction: { data: ({ callId }) => ({ callId, reaction: '👍' }), ...everyone, ...notIn },
  setSpotlight: {
    data: ({ callId, victimId }) => ({ callId, participantIds: [victimId] }),
    ...presenters,
    ...notIn,
  },
  setCustomData: {
    data: ({ callId }) => ({ callId, items: { topic: 'Budget' } }),
    ...everyone,
    consumer: 'forbidden',
    attendee: 'forbidden',
    ...notIn,
  },
  sendChat: { data: ({ callId }) => ({ callId, text: 'Hello' }), ...everyone, ...notIn },
  // Of one's own part, also when it is over; who waits has none yet.
  submitSurvey: {
    data: ({ callId, ownId }) => ({ callId, participantId: ownId || 'nobody', survey: { rating: 5 } }),
    ...everyone,
    ...notIn,
    lost: 'ok',
    removed: 'ok',
  },

  // Of no call: whoever may connect may try the network first.
  startProbe: { data: ({ media }) => ({ media }), ...anybody('ok'), expired: 'token_expired' },
  loopBack: {
    data: () => ({ probeId: 'of-somebody-else', kind: 'audio', rtpParameters: opusParameters() }),
    ...anybody('not_found'),
  },
  endProbe: { data: () => ({ probeId: 'of-somebody-else' }), ...anybody('not_found') },
};
