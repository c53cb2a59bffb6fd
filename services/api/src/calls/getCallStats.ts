import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const getCallStats: Handler<'getCallStats'> = async () => {
  throw new ProtocolError('not_supported');
};
