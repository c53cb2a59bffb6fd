import type { Handler } from '../handlerTypes.ts';

export const resumeConsumers: Handler<'resumeConsumers'> = async (
  { endpoint, calls },
  { callId, consumerIds },
) => {
  await calls.participation(endpoint, callId).participant.media.resumeConsumers(consumerIds);

  return {};
};
