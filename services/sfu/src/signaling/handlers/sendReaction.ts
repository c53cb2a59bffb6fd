import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const sendReaction: Handler<'sendReaction'> = () => {
  throw new ProtocolError('not_supported');
};
