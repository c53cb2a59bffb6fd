import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const getCall: Handler<'getCall'> = async () => {
  throw new ProtocolError('not_supported');
};
