import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const createGuestLink: Handler<'createGuestLink'> = async () => {
  throw new ProtocolError('not_supported');
};
