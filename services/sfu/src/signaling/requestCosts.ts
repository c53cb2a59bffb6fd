import type { RequestName } from '@parley/protocol';

/**
 * What a request takes out of its connection's bucket, where one is worth more than the cheapest: those that make
 * transports or ring people, those whose answer is as large as the call, those the worker works on, and those that
 * everybody in the call is told of.
 */
const costs: Partial<Record<RequestName, number>> = {
  startCall: 10,
  joinRoom: 10,
  joinCall: 10,
  acceptCall: 10,
  addParticipants: 10,
  resume: 10,
  restartIce: 5,
  getSnapshot: 10,
  refreshToken: 5,
  produce: 5,
  produceData: 5,
  muteParticipants: 5,
  submitSurvey: 5,
  consume: 2,
  resumeConsumers: 2,
  setViewports: 2,
  holdCall: 2,
  unholdCall: 2,
  sendChat: 2,
  sendReaction: 2,
  setCustomData: 2,
};

export function costOf(name: RequestName): number {
  return costs[name] ?? 1;
}
