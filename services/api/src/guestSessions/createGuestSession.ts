import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createGuestSession: Handler<'createGuestSession'> = async () => {
  throw new ProtocolError('not_supported');
};
