import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const putAnonymousDestinations: Handler<'putAnonymousDestinations'> = async () => {
  throw new ProtocolError('not_supported');
};
