import type { Handler } from '../handlerTypes.ts';

export const restartIce: Handler<'restartIce'> = async ({ endpoint, calls }, { callId }) => {
  const { call, participant } = calls.participation(endpoint, callId);

  return {
    iceServers: calls.iceServersFor(endpoint),
    ice: await call.reconnects.restartIce(participant),
  };
};
