import type { Handler } from '../handlerTypes.ts';

/** Nobody is admitted when one of them does not wait. */
export const admitParticipants: Handler<'admitParticipants'> = async (
  { endpoint, calls },
  { callId, participantIds },
) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.roles.require(participant, 'manageLobby');
  await call.lobby.admit(participantIds);

  return {};
};
