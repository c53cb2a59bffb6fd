import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const unholdCall: Handler<'unholdCall'> = () => {
  throw new ProtocolError('not_supported');
};
