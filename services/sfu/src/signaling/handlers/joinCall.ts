import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const joinCall: Handler<'joinCall'> = () => {
  throw new ProtocolError('not_supported');
};
