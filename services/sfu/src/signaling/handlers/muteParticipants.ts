import { muteOthers } from '../../calls/features/muteOthers.ts';
import type { Handler } from '../handlerTypes.ts';

export const muteParticipants: Handler<'muteParticipants'> = async (
  { endpoint, calls },
  { callId, participantIds },
) => {
  await muteOthers(calls.participation(endpoint, callId), participantIds);

  return {};
};
