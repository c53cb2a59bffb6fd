import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const revokeApiKey: Handler<'revokeApiKey'> = async () => {
  throw new ProtocolError('not_supported');
};
