import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listGuestLinks: Handler<'listGuestLinks'> = async () => {
  throw new ProtocolError('not_supported');
};
