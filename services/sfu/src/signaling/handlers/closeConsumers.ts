import type { Handler } from '../handlerTypes.ts';

export const closeConsumers: Handler<'closeConsumers'> = ({ endpoint, calls }, { callId, consumerIds }) => {
  calls.participation(endpoint, callId).participant.media.closeConsumers(consumerIds);

  return {};
};
