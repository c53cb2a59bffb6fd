import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listApplications: Handler<'listApplications'> = async () => {
  throw new ProtocolError('not_supported');
};
