import { endReasonOfError, ProtocolError, type EndReasonName } from '@parley/protocol';

/** How a call that could not be entered is remembered. */
export function reasonOf(error: unknown): EndReasonName {
  return error instanceof ProtocolError ? endReasonOfError(error.code) : 'failed';
}
