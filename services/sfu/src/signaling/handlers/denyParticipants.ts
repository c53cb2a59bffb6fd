import type { Handler } from '../handlerTypes.ts';

/** Nobody is denied when one of them does not wait. Those who are may ask again. */
export const denyParticipants: Handler<'denyParticipants'> = (
  { endpoint, calls },
  { callId, participantIds },
) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.roles.require(participant, 'manageLobby');
  call.lobby.deny(participantIds, 'lobby_denied');

  return {};
};
