import { unpublish } from '../../calls/participants/publish.ts';
import type { Handler } from '../handlerTypes.ts';

export const closeProducer: Handler<'closeProducer'> = ({ endpoint, calls }, { callId, producerId }) => {
  unpublish(calls.participation(endpoint, callId), producerId);

  return {};
};
