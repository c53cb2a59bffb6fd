import { setPaused } from '../../calls/participants/publish.ts';
import type { Handler } from '../handlerTypes.ts';

export const resumeProducer: Handler<'resumeProducer'> = async (
  { endpoint, calls },
  { callId, producerId },
) => {
  await setPaused(calls.participation(endpoint, callId), producerId, false);

  return {};
};
