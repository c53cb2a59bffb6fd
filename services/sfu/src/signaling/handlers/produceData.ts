import * as publishing from '../../calls/participants/publish.ts';
import type { Handler } from '../handlerTypes.ts';

export const produceData: Handler<'produceData'> = async ({ endpoint, calls }, { callId, ...options }) => ({
  dataProducerId: await publishing.produceData(calls.participation(endpoint, callId), options),
});
