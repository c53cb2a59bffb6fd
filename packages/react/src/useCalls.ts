import type { Call } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useCallClient } from './useCallClient.ts';
import { useObservable } from './useObservable.ts';

/**
 * The calls that have not ended, those made with `client.call()` and `client.join()` as well as those accepted.
 *
 * @example
 * const [call] = useCalls();
 * return call === undefined ? <Home /> : <CallScreen call={call} />;
 */
export function useCalls(): readonly Call[] {
  return useObservable(useCallClient(), ['callsUpdated'], ({ calls }) => calls) ?? nothing;
}
