import { setPaused } from '../../calls/participants/publish.ts';
import type { Handler } from '../handlerTypes.ts';

export const pauseProducer: Handler<'pauseProducer'> = async (
  { endpoint, calls },
  { callId, producerId },
) => {
  await setPaused(calls.participation(endpoint, callId), producerId, true);

  return {};
};
