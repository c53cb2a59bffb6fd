import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const deleteUser: Handler<'deleteUser'> = async () => {
  throw new ProtocolError('not_supported');
};
