import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const updateRoom: Handler<'updateRoom'> = async () => {
  throw new ProtocolError('not_supported');
};
