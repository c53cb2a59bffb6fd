import { removeOther } from '../../calls/participants/removeOther.ts';
import type { Handler } from '../handlerTypes.ts';

export const removeParticipant: Handler<'removeParticipant'> = (
  { endpoint, calls },
  { callId, participantId },
) => {
  removeOther(calls.participation(endpoint, callId), participantId);

  return {};
};
