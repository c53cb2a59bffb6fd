import type { Handler } from '../operations/handlerTypes.ts';
import { commandCall } from './commandCall.ts';

export const muteParticipant: Handler<'muteParticipant'> = ({ context, applicationId, params }) =>
  commandCall(context.backplane, { name: 'muteParticipant', applicationId, ...params });
