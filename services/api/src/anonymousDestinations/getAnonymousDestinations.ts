import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const getAnonymousDestinations: Handler<'getAnonymousDestinations'> = async () => {
  throw new ProtocolError('not_supported');
};
