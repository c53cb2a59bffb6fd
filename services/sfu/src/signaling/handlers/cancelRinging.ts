import { cancelRinging as cancel } from '../../calls/ringing/cancelRinging.ts';
import type { Handler } from '../handlerTypes.ts';

export const cancelRinging: Handler<'cancelRinging'> = ({ endpoint, calls }, { callId, participantId }) => {
  cancel(calls.participation(endpoint, callId), endpoint, participantId);

  return {};
};
