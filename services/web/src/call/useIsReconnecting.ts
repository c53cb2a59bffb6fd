import { useCallback, useSyncExternalStore } from 'react';
import type { CallClient } from '@parley/calling';

/** Whether the connection to the server was lost and is being made again. */
export function useIsReconnecting(client: CallClient): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => client.on('connectionStateChanged', onChange),
    [client],
  );

  return useSyncExternalStore(subscribe, () => client.connectionState === 'Connecting');
}
