import type { ConnectionState } from '@parley/calling';
import { useClientContext } from './clientContext.ts';
import { useObservable } from './useObservable.ts';

export interface Connection {
  /** `Connecting` from the start on; `Disconnected` when the client could not be made, too. */
  readonly state: ConnectionState;
  /** `client.disconnectReason`, or what `CallClientFactory.create()` rejected with. */
  readonly reason: unknown;
}

const connecting: Connection = { state: 'Connecting', reason: undefined };

/**
 * Whether there is a connection, and else why not.
 *
 * @example
 * const { state, reason } = useConnectionState();
 * if (reason instanceof CallError && reason.code === 'token_expired') return <SignInAgain />;
 */
export function useConnectionState(): Connection {
  const { client, error } = useClientContext();
  const connection = useObservable(
    client,
    ['connectionStateChanged', 'disconnectReasonChanged'],
    ({ connectionState, disconnectReason }): Connection => ({
      state: connectionState,
      reason: disconnectReason,
    }),
  );

  return connection ?? (error === undefined ? connecting : { state: 'Disconnected', reason: error });
}
