import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const updateApplication: Handler<'updateApplication'> = async () => {
  throw new ProtocolError('not_supported');
};
