import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const getRoom: Handler<'getRoom'> = async () => {
  throw new ProtocolError('not_supported');
};
