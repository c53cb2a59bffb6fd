import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const muteParticipant: Handler<'muteParticipant'> = async () => {
  throw new ProtocolError('not_supported');
};
