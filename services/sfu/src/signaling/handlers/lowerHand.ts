import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const lowerHand: Handler<'lowerHand'> = () => {
  throw new ProtocolError('not_supported');
};
