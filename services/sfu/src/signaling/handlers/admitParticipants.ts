import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const admitParticipants: Handler<'admitParticipants'> = () => {
  throw new ProtocolError('not_supported');
};
