import type { Handler } from '../handlerTypes.ts';

/** The answer is the end of the call for the one who leaves; only the others are notified. */
export const leaveCall: Handler<'leaveCall'> = ({ endpoint, calls }, { callId }) => {
  calls.leaveCall(endpoint, callId);

  return {};
};
