import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listApiKeys: Handler<'listApiKeys'> = async () => {
  throw new ProtocolError('not_supported');
};
