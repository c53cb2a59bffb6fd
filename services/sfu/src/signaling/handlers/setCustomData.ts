import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const setCustomData: Handler<'setCustomData'> = () => {
  throw new ProtocolError('not_supported');
};
