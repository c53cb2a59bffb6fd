import type { Handler } from '../operations/handlerTypes.ts';
import { commandCall } from './commandCall.ts';

export const removeParticipant: Handler<'removeParticipant'> = ({ context, applicationId, params }) =>
  commandCall(context.backplane, { name: 'removeParticipant', applicationId, ...params });
