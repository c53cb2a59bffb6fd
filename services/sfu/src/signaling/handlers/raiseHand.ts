import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const raiseHand: Handler<'raiseHand'> = () => {
  throw new ProtocolError('not_supported');
};
