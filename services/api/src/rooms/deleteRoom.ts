import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const deleteRoom: Handler<'deleteRoom'> = async () => {
  throw new ProtocolError('not_supported');
};
