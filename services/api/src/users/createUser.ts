import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createUser: Handler<'createUser'> = async () => {
  throw new ProtocolError('not_supported');
};
