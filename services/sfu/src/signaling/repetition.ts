import type { RequestName } from '@parley/protocol';

/**
 * What is done with a request that was carried out and comes again under its `requestId`:
 *
 * - `carriedOut`: it is carried out again. Only what says how things stand now, for the connection it comes by, or what
 *   one wants for oneself alone, nobody else can change and nobody else is told: the second time changes nothing.
 * - `answered`: it is not; the answer is kept for it.
 */
export type Repetition = 'carriedOut' | 'answered';

export const repetitions: Readonly<Record<RequestName, Repetition>> = {
  // A second call, place or ringing.
  startCall: 'answered',
  joinRoom: 'answered',
  joinCall: 'answered',
  acceptCall: 'answered',
  addParticipants: 'answered',

  // What they end is gone the second time: it would be refused, or end what began meanwhile.
  rejectCall: 'answered',
  leaveCall: 'answered',
  endCall: 'answered',
  closeProducer: 'answered',
  cancelRinging: 'answered',
  admitParticipants: 'answered',
  denyParticipants: 'answered',

  // The connection they come by now needs the answer as things stand now.
  resume: 'carriedOut',
  restartIce: 'carriedOut',
  getSnapshot: 'carriedOut',
  refreshToken: 'carriedOut',

  // What is sent already is refused the second time, and so is the size of what is not sent any more.
  produce: 'answered',
  produceData: 'answered',
  resizeProducer: 'answered',

  // What one receives oneself is the same the second time, and what is gone by then is passed over. These are most of
  // all requests: who scrolls through a large call asks several a second.
  consume: 'carriedOut',
  resumeConsumers: 'carriedOut',
  pauseConsumers: 'carriedOut',
  closeConsumers: 'carriedOut',
  setViewports: 'carriedOut',
  setMaxReceiveBitrate: 'carriedOut',

  // Somebody else may have undone it meanwhile, or another call that was accepted: it would be done again.
  pauseProducer: 'answered',
  resumeProducer: 'answered',
  holdCall: 'answered',
  unholdCall: 'answered',
  removeParticipant: 'answered',
  muteParticipants: 'answered',
  changeRole: 'answered',
  raiseHand: 'answered',
  lowerHand: 'answered',
  setSpotlight: 'answered',
  setCustomData: 'answered',

  // It would be there twice, the survey as two writes to the database.
  sendReaction: 'answered',
  sendChat: 'answered',
  submitSurvey: 'answered',

  // There is one probe at a time, with one stream of each kind; and what is ended is gone.
  startProbe: 'answered',
  loopBack: 'answered',
  endProbe: 'answered',
};
