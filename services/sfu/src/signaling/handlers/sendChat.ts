import type { Handler } from '../handlerTypes.ts';

export const sendChat: Handler<'sendChat'> = ({ endpoint, calls }, { callId, text }) => {
  const { call, participant } = calls.participation(endpoint, callId);

  return { message: call.features.chat.send(participant, text) };
};
