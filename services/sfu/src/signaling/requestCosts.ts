import type { RequestName } from '@parley/protocol';

export type RequestCosts = Readonly<Record<RequestName, number>>;

/**
 * What a request takes out of its connection's bucket. More than the cheapest are worth those that make transports or ring
 * people, those whose answer is as large as the call, those the worker works on, those that everybody in the call is told
 * of, and what the database has to write.
 */
export const standardRequestCosts: RequestCosts = {
  startCall: 10,
  joinRoom: 10,
  joinCall: 10,
  acceptCall: 10,
  resume: 10,
  getSnapshot: 10,
  addParticipants: 10,
  submitSurvey: 10,
  startProbe: 10,
  restartIce: 5,
  refreshToken: 5,
  produce: 5,
  produceData: 5,
  muteParticipants: 5,
  loopBack: 5,
  consume: 2,
  resumeConsumers: 2,
  setViewports: 2,
  setMaxReceiveBitrate: 2,
  holdCall: 2,
  unholdCall: 2,
  sendReaction: 2,
  setCustomData: 2,
  sendChat: 2,
  rejectCall: 1,
  leaveCall: 1,
  endCall: 1,
  pauseProducer: 1,
  resumeProducer: 1,
  closeProducer: 1,
  resizeProducer: 1,
  pauseConsumers: 1,
  closeConsumers: 1,
  cancelRinging: 1,
  removeParticipant: 1,
  changeRole: 1,
  admitParticipants: 1,
  denyParticipants: 1,
  raiseHand: 1,
  lowerHand: 1,
  setSpotlight: 1,
  endProbe: 1,
};
