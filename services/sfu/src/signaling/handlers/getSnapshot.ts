import type { Handler } from '../handlerTypes.ts';

export const getSnapshot: Handler<'getSnapshot'> = ({ endpoint, calls }, { callId }) => {
  const { call, participant } = calls.participation(endpoint, callId);

  return { sequence: participant.mailbox.sequence, call: call.snapshotFor(participant) };
};
