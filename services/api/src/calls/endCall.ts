import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const endCall: Handler<'endCall'> = async () => {
  throw new ProtocolError('not_supported');
};
