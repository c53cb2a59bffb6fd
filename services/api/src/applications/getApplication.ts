import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const getApplication: Handler<'getApplication'> = async () => {
  throw new ProtocolError('not_supported');
};
