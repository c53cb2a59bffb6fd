import type { Call, CallMember } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * Who would like to speak, who asked first at first. `'own'` stands for this page itself.
 *
 * @example
 * useRaisedHands(call).map((member) => (member === 'own' ? 'You' : member.displayName)).join();
 */
export function useRaisedHands(call: Call | undefined): readonly CallMember[] {
  return useObservable(call, ['raisedHandsUpdated'], (object) => object.raisedHands) ?? nothing;
}
