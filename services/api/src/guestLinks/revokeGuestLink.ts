import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const revokeGuestLink: Handler<'revokeGuestLink'> = async () => {
  throw new ProtocolError('not_supported');
};
