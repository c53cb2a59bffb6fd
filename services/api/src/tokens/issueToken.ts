import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

export const issueToken: Handler<'issueToken'> = async () => {
  throw new ProtocolError('not_supported');
};

export const issueTokenRecorded = issueToken;
