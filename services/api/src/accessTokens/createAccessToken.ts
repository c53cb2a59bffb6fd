import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createAccessToken: Handler<'createAccessToken'> = async () => {
  throw new ProtocolError('not_supported');
};
