import type { Handler } from '../handlerTypes.ts';

export const setCustomData: Handler<'setCustomData'> = ({ endpoint, calls }, { callId, items }) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.features.customData.change(participant, items);

  return {};
};
