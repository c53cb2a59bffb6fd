import type { RingingCall } from './IncomingCallList.ts';
import { useIncomingCalls } from './useIncomingCalls.ts';

/**
 * Of those who ring the first one; undefined while nobody rings.
 *
 * @example
 * const ringing = useIncomingCall();
 * return ringing && <button onClick={() => void ringing.reject()}>Decline</button>;
 */
export function useIncomingCall(): RingingCall | undefined {
  return useIncomingCalls()[0];
}
