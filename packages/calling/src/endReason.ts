import { endReasonOfError, endReasonTable, type EndReasonName } from '@parley/protocol';
import type { CallError } from './errors.ts';

/** Why a call, an incoming call or one participant's part in a call ended. */
export interface CallEndReason {
  /** SIP-like response code; 0 is a normal end. */
  readonly code: number;
  /** Tells reasons of one code apart. */
  readonly subCode: number;
  /** Another spelling of `subCode`. */
  readonly subcode: number;
  /** Stable name to decide by, such as `declined`, `busy`, `no_answer` or `hangup`. */
  readonly name: EndReasonName;
  /**
   * One English sentence for a developer, the server's own where it refused the call; show people words of your own.
   */
  readonly message: string;
}

export function toCallEndReason(name: EndReasonName): CallEndReason {
  const { code, subCode, message } = endReasonTable[name];

  return { code, subCode, subcode: subCode, name, message };
}

/** The end reason of a call that could not be entered. */
export function endReasonOf(error: CallError): CallEndReason {
  const name = error.code === 'unavailable' ? 'connection_lost' : endReasonOfError(error.code);

  return { ...toCallEndReason(name), message: error.message };
}
