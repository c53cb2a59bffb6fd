import type { Handler } from '../handlerTypes.ts';

export const sendReaction: Handler<'sendReaction'> = ({ endpoint, calls }, { callId, reaction }) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.features.reactions.send(participant, reaction);

  return {};
};
