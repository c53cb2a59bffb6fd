import type { Handler } from '../handlerTypes.ts';

export const lowerHand: Handler<'lowerHand'> = ({ endpoint, calls }, { callId, participantId }) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.features.hands.lower(participant, participantId);

  return {};
};
