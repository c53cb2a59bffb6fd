import type { Handler } from '../handlerTypes.ts';

export const setSpotlight: Handler<'setSpotlight'> = ({ endpoint, calls }, { callId, participantIds }) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.features.spotlight.set(participant, participantIds);

  return {};
};
