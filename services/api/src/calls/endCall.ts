import type { Handler } from '../operations/handlerTypes.ts';
import { commandCall } from './commandCall.ts';

export const endCall: Handler<'endCall'> = async (call) =>
  commandCall(call, { name: 'endCall', applicationId: call.applicationId, ...call.params });
