import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const listAuditEntries: Handler<'listAuditEntries'> = async () => {
  throw new ProtocolError('not_supported');
};
