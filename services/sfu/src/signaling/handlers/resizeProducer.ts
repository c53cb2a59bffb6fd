import { resize } from '../../calls/participants/publish.ts';
import type { Handler } from '../handlerTypes.ts';

export const resizeProducer: Handler<'resizeProducer'> = (
  { endpoint, calls },
  { callId, producerId, size },
) => {
  resize(calls.participation(endpoint, callId), producerId, size);

  return {};
};
