import type { Handler } from '../handlerTypes.ts';

/** Everyone is notified, the one who asked included. */
export const endCall: Handler<'endCall'> = ({ endpoint, calls }, { callId }) => {
  const { call, participant } = calls.participation(endpoint, callId);
  call.roles.require(participant, 'endForEveryone');
  call.end('ended_for_everyone');

  return {};
};
