import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const refreshToken: Handler<'refreshToken'> = () => {
  throw new ProtocolError('not_supported');
};
