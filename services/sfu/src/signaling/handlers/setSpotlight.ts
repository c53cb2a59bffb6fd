import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const setSpotlight: Handler<'setSpotlight'> = () => {
  throw new ProtocolError('not_supported');
};
