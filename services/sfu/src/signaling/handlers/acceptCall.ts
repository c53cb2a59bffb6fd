import type { Handler } from '../handlerTypes.ts';

export const acceptCall: Handler<'acceptCall'> = ({ endpoint, calls }, { callId, media }) =>
  calls.acceptCall(endpoint, callId, media);
