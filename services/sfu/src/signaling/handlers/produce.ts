import * as publishing from '../../calls/participants/publish.ts';
import type { Handler } from '../handlerTypes.ts';

export const produce: Handler<'produce'> = async ({ endpoint, calls }, { callId, ...options }) => ({
  producerId: await publishing.produce(calls.participation(endpoint, callId), options),
});
