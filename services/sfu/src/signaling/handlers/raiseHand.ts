import type { Handler } from '../handlerTypes.ts';

export const raiseHand: Handler<'raiseHand'> = ({ endpoint, calls }, { callId }) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.features.hands.raise(participant);

  return {};
};
