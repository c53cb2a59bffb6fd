import { snapshotOf } from '../../calls/recovery/catchUp.ts';
import type { Handler } from '../handlerTypes.ts';

export const getSnapshot: Handler<'getSnapshot'> = ({ endpoint, calls }, { callId }) => {
  const { call, participant } = calls.participation(endpoint, callId);

  return snapshotOf(participant, call.snapshotFor(participant));
};
