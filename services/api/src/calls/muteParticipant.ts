import type { Handler } from '../operations/handlerTypes.ts';
import { commandCall } from './commandCall.ts';

export const muteParticipant: Handler<'muteParticipant'> = async (call) =>
  commandCall(call, { name: 'muteParticipant', applicationId: call.applicationId, ...call.params });
