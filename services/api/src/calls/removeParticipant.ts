import type { Handler } from '../operations/handlerTypes.ts';
import { commandCall } from './commandCall.ts';

export const removeParticipant: Handler<'removeParticipant'> = async (call) =>
  commandCall(call, { name: 'removeParticipant', applicationId: call.applicationId, ...call.params });
