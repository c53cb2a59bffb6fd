import { useCallback, useSyncExternalStore } from 'react';
import type { CallClient } from '@parley/calling';

/** Whether the server can be asked for a call now; otherwise the connection was lost and is being made again. */
export function useIsConnected(client: CallClient): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => client.on('connectionStateChanged', onChange),
    [client],
  );

  return useSyncExternalStore(subscribe, () => client.connectionState === 'Connected');
}
