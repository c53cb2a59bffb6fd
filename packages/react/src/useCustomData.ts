import type { Call } from '@parley/calling';
import { useObservable } from './useObservable.ts';

/**
 * What the application keeps with a call, by name; `call.setCustomData()` changes it.
 *
 * @example
 * const { 'agenda.item': item = '1' } = useCustomData(call);
 */
export function useCustomData(call: Call): Readonly<Record<string, string>> {
  return useObservable(call, ['customDataChanged'], ({ customData }) => customData);
}
