import { useClientContext } from './clientContext.ts';
import type { RingingCall } from './IncomingCallList.ts';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * Who rings at the moment, who rang first at first. Gone from it is who was answered, here or elsewhere, or has given up.
 *
 * @example
 * const [ringing] = useIncomingCalls();
 * return ringing && <button onClick={() => void ringing.accept()}>{ringing.callerInfo.displayName}</button>;
 */
export function useIncomingCalls(): readonly RingingCall[] {
  return useObservable(useClientContext().incomingCalls, ['updated'], ({ calls }) => calls) ?? nothing;
}
