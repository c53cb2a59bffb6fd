import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const deleteAnonymousDestinations: Handler<'deleteAnonymousDestinations'> = async () => {
  throw new ProtocolError('not_supported');
};
