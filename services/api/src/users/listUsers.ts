import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listUsers: Handler<'listUsers'> = async () => {
  throw new ProtocolError('not_supported');
};
