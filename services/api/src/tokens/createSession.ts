import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createSession: Handler<'createSession'> = async () => {
  throw new ProtocolError('not_supported');
};
