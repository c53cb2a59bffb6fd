import type { Handler } from '../handlerTypes.ts';

export const setMaxReceiveBitrate: Handler<'setMaxReceiveBitrate'> = async (
  { endpoint, calls },
  { callId, maxBitrate },
) => {
  await calls.participation(endpoint, callId).participant.media.setMaxReceiveBitrate(maxBitrate ?? undefined);

  return {};
};
