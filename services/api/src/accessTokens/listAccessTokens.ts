import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listAccessTokens: Handler<'listAccessTokens'> = async () => {
  throw new ProtocolError('not_supported');
};
