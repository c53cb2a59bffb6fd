import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const removeParticipant: Handler<'removeParticipant'> = async () => {
  throw new ProtocolError('not_supported');
};
