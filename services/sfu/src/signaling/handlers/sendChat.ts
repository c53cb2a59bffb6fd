import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const sendChat: Handler<'sendChat'> = () => {
  throw new ProtocolError('not_supported');
};
