import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createApplication: Handler<'createApplication'> = async () => {
  throw new ProtocolError('not_supported');
};
