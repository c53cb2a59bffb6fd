import type { Handler } from '../handlerTypes.ts';

export const consume: Handler<'consume'> = async ({ endpoint, calls }, { callId, producerIds }) => {
  const { participant } = calls.participation(endpoint, callId);

  return { consumers: await participant.media.consume(producerIds) };
};
