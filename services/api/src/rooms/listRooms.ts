import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listRooms: Handler<'listRooms'> = async () => {
  throw new ProtocolError('not_supported');
};
