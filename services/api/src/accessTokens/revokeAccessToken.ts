import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const revokeAccessToken: Handler<'revokeAccessToken'> = async () => {
  throw new ProtocolError('not_supported');
};
