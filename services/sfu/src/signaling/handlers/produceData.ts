import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const produceData: Handler<'produceData'> = () => {
  throw new ProtocolError('not_supported');
};
