import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createApiKey: Handler<'createApiKey'> = async () => {
  throw new ProtocolError('not_supported');
};
