import { setOnHold } from '../../calls/participants/hold.ts';
import type { Handler } from '../handlerTypes.ts';

export const holdCall: Handler<'holdCall'> = async ({ endpoint, calls }, { callId }) => {
  await setOnHold(calls.participation(endpoint, callId), true);

  return {};
};
