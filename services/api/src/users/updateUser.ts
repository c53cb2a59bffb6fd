import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const updateUser: Handler<'updateUser'> = async () => {
  throw new ProtocolError('not_supported');
};
