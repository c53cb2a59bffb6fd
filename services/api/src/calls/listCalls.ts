import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listCalls: Handler<'listCalls'> = async () => {
  throw new ProtocolError('not_supported');
};
