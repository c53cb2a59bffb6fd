import type { Handler } from '../handlerTypes.ts';

export const rejectCall: Handler<'rejectCall'> = ({ endpoint, calls }, { callId }) => {
  calls.rejectCall(endpoint, callId);

  return {};
};
