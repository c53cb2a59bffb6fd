import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const holdCall: Handler<'holdCall'> = () => {
  throw new ProtocolError('not_supported');
};
