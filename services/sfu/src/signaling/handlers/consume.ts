import * as receiving from '../../calls/participants/consume.ts';
import type { Handler } from '../handlerTypes.ts';

export const consume: Handler<'consume'> = ({ endpoint, calls }, { callId, producerIds }) =>
  receiving.consume(calls.participation(endpoint, callId), producerIds);
