import type { Handler } from '../handlerTypes.ts';

export const rejectCall: Handler<'rejectCall'> = async ({ endpoint, calls }, { callId }) => {
  await calls.rejectCall(endpoint, callId);

  return {};
};
