import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const denyParticipants: Handler<'denyParticipants'> = () => {
  throw new ProtocolError('not_supported');
};
