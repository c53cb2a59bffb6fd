import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const deleteApplication: Handler<'deleteApplication'> = async () => {
  throw new ProtocolError('not_supported');
};
