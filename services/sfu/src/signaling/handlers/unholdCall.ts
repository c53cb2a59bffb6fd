import { setOnHold } from '../../calls/participants/hold.ts';
import type { Handler } from '../handlerTypes.ts';

export const unholdCall: Handler<'unholdCall'> = async ({ endpoint, calls }, { callId }) => {
  await setOnHold(calls.participation(endpoint, callId), false);

  return {};
};
