import type { Call, CallMember } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * Whom to show large: who holds the floor, and then who else is heard, the loudest first. `'own'` stands for this page itself.
 *
 * @example
 * const [large] = useDominantSpeakers(call).filter((member) => member !== 'own');
 */
export function useDominantSpeakers(call: Call | undefined): readonly CallMember[] {
  return useObservable(call, ['dominantSpeakersChanged'], (object) => object.dominantSpeakers) ?? nothing;
}
