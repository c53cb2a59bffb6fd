import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const muteParticipants: Handler<'muteParticipants'> = () => {
  throw new ProtocolError('not_supported');
};
