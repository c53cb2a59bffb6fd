import type { CallClient } from '@parley/calling';
import { useClientContext } from './clientContext.ts';

/**
 * The client of the `CallClientProvider` around the component; undefined until it is connected for the first time, and when that
 * failed: `useConnectionState()` says why.
 *
 * @example
 * const client = useCallClient();
 * <button disabled={client === undefined} onClick={() => client?.call(['bob'])}>Call Bob</button>
 */
export function useCallClient(): CallClient | undefined {
  return useClientContext().client;
}
