import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createRoom: Handler<'createRoom'> = async () => {
  throw new ProtocolError('not_supported');
};
