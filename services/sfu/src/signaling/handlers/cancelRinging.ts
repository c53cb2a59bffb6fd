import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const cancelRinging: Handler<'cancelRinging'> = () => {
  throw new ProtocolError('not_supported');
};
