import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listContacts: Handler<'listContacts'> = async () => {
  throw new ProtocolError('not_supported');
};
