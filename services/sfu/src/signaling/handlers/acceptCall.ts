import type { Handler } from '../handlerTypes.ts';

export const acceptCall: Handler<'acceptCall'> = ({ endpoint, calls }, { callId, media, kickSiblings }) =>
  calls.acceptCall(endpoint, callId, media, kickSiblings);
