import { orRedirect } from '../../calls/orRedirect.ts';
import type { Handler } from '../handlerTypes.ts';

export const acceptCall: Handler<'acceptCall'> = ({ endpoint, calls }, { callId, media, kickSiblings }) =>
  orRedirect(() => calls.acceptCall(endpoint, callId, media, kickSiblings));
