import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const addParticipants: Handler<'addParticipants'> = () => {
  throw new ProtocolError('not_supported');
};
