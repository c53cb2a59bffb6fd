import type { Handler } from '../handlerTypes.ts';

export const pauseConsumers: Handler<'pauseConsumers'> = async (
  { endpoint, calls },
  { callId, consumerIds },
) => {
  await calls.participation(endpoint, callId).participant.media.pauseConsumers(consumerIds);

  return {};
};
