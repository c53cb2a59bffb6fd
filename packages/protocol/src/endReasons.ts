import type { ErrorCode } from './errors.ts';

/** Why a call, an invitation or one participant's part in a call ended. */
export interface EndReasonDescription {
  /** SIP-like response code; 0 is a normal end. */
  readonly code: number;
  /** Tells reasons of one code apart. */
  readonly subCode: number;
  readonly message: string;
}

/** The one table of end reasons; the numbers follow the Azure Communication Services calling convention. */
export const endReasonTable = {
  hangup: { code: 0, subCode: 0, message: 'The call was hung up.' },
  ended_for_everyone: { code: 0, subCode: 4097, message: 'The call was ended for everyone.' },
  removed: { code: 0, subCode: 5300, message: 'The participant was removed from the call.' },
  alone: { code: 0, subCode: 4521, message: 'Nobody else was in the call any more.' },
  server_ended: { code: 0, subCode: 7000, message: 'The server ended the call.' },
  unauthenticated: { code: 401, subCode: 10009, message: 'The token is missing, expired or revoked.' },
  forbidden: { code: 403, subCode: 5830, message: 'This identity may not join the call.' },
  lobby_denied: { code: 403, subCode: 5854, message: 'The request to be let in from the lobby was denied.' },
  not_on_roster: { code: 403, subCode: 5828, message: 'The identity is not on the roster of the room.' },
  outside_room_window: { code: 403, subCode: 5829, message: 'The room is not open at this time.' },
  not_found: { code: 404, subCode: 0, message: 'There is nobody and nothing of that name.' },
  timeout: { code: 408, subCode: 4506, message: 'The server did not answer in time.' },
  connection_lost: { code: 410, subCode: 3101, message: 'The connection was lost.' },
  media_failed: { code: 410, subCode: 301004, message: 'No media path could be set up.' },
  media_unstable: {
    code: 500,
    subCode: 301005,
    message: 'The media of the call failed again and again and was given up.',
  },
  media_excessive: {
    code: 429,
    subCode: 301006,
    message: 'The participant went on sending, or asking for again, far more than is allowed.',
  },
  offline: { code: 480, subCode: 10037, message: 'The callee is not connected.' },
  busy: { code: 486, subCode: 560486, message: 'The callee is in another call.' },
  canceled: { code: 487, subCode: 0, message: 'The caller hung up before an answer.' },
  answered_elsewhere: { code: 487, subCode: 10003, message: 'Another device of the callee has answered.' },
  joined_elsewhere: {
    code: 0,
    subCode: 5301,
    message: 'Another device of the same user has entered the call in place of this one.',
  },
  no_answer: { code: 487, subCode: 10004, message: 'Nobody answered.' },
  room_full: { code: 486, subCode: 5831, message: 'The room has its maximum of participants.' },
  failed: { code: 500, subCode: 0, message: 'The call failed.' },
  not_supported: {
    code: 501,
    subCode: 0,
    message: 'This is not supported, such as a telephone that no user has.',
  },
  declined: { code: 603, subCode: 0, message: 'The callee declined.' },
} as const satisfies Record<string, EndReasonDescription>;

/** Why a call ended, or somebody's part in it; the names stay. */
export type EndReasonName = keyof typeof endReasonTable;

export const endReasonNames = Object.keys(endReasonTable) as [EndReasonName, ...EndReasonName[]];

const reasonOfError: Partial<Record<ErrorCode, EndReasonName>> = {
  unauthenticated: 'unauthenticated',
  token_expired: 'unauthenticated',
  token_revoked: 'unauthenticated',
  forbidden: 'forbidden',
  not_admitted: 'forbidden',
  not_on_roster: 'not_on_roster',
  outside_room_window: 'outside_room_window',
  removed_from_call: 'removed',
  not_found: 'not_found',
  call_not_found: 'not_found',
  room_not_found: 'not_found',
  callee_not_found: 'not_found',
  callee_offline: 'offline',
  callee_busy: 'busy',
  answered_elsewhere: 'answered_elsewhere',
  joined_elsewhere: 'joined_elsewhere',
  room_full: 'room_full',
  not_supported: 'not_supported',
  timeout: 'timeout',
};

/** The end reason of a call that could not be started or joined because of an error. */
export function endReasonOfError(code: ErrorCode): EndReasonName {
  return reasonOfError[code] ?? 'failed';
}
