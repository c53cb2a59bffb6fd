import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const getUser: Handler<'getUser'> = async () => {
  throw new ProtocolError('not_supported');
};
