import type { CallConnection } from './CallConnection.ts';
import type { CallSession } from './CallSession.ts';
import type { CallState } from './callTypes.ts';
import type { OwnPart } from './OwnPart.ts';

/** The state of a call that has been entered, and has not ended; without a session it is waited for in the lobby. */
export function presentState(
  connection: Pick<CallConnection, 'isLost'> | undefined,
  session: Pick<CallSession, 'isPathBroken' | 'isHeldByOther' | 'isAnswered'> | undefined,
  own: Pick<OwnPart, 'isOnHold'>,
): CallState {
  if (connection?.isLost === true || session?.isPathBroken === true) {
    return 'Reconnecting';
  }
  if (session === undefined) {
    return 'InLobby';
  }
  if (own.isOnHold) {
    return 'LocalHold';
  }
  if (session.isHeldByOther) {
    return 'RemoteHold';
  }

  return session.isAnswered ? 'Connected' : 'Ringing';
}
