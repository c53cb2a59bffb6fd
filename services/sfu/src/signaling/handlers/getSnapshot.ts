import { tellConsumers } from '../../calls/recovery/catchUp.ts';
import type { Handler } from '../handlerTypes.ts';

export const getSnapshot: Handler<'getSnapshot'> = ({ endpoint, calls }, { callId }) => {
  const { call, participant } = calls.participation(endpoint, callId);

  const snapshot = { sequence: participant.mailbox.sequence, call: call.snapshotFor(participant) };
  tellConsumers(participant, callId);

  return snapshot;
};
