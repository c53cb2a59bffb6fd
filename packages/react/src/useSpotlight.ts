import type { Call, CallMember } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * Whom everyone is to see large, the most important first. `'own'` stands for this page itself.
 *
 * @example
 * const [large] = useSpotlight(call);
 */
export function useSpotlight(call: Call | undefined): readonly CallMember[] {
  return useObservable(call, ['spotlightChanged'], (object) => object.spotlight) ?? nothing;
}
