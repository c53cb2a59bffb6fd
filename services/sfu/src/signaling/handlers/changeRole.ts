import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const changeRole: Handler<'changeRole'> = () => {
  throw new ProtocolError('not_supported');
};
