import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const revokeTokens: Handler<'revokeTokens'> = async () => {
  throw new ProtocolError('not_supported');
};
