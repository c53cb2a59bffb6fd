import type { RingingCall } from './IncomingCallList.ts';
import { useIncomingCalls } from './useIncomingCalls.ts';

/** Of those who ring the first one; undefined while nobody rings. */
export function useIncomingCall(): RingingCall | undefined {
  return useIncomingCalls()[0];
}
