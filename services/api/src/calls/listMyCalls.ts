import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listMyCalls: Handler<'listMyCalls'> = async () => {
  throw new ProtocolError('not_supported');
};
