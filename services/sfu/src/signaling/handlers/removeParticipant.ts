import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const removeParticipant: Handler<'removeParticipant'> = () => {
  throw new ProtocolError('not_supported');
};
