import type { Handler } from '../operations/handlerTypes.ts';
import { commandCall } from './commandCall.ts';

export const endCall: Handler<'endCall'> = ({ context, applicationId, params: { callId } }) =>
  commandCall(context.backplane, { name: 'endCall', applicationId, callId });
