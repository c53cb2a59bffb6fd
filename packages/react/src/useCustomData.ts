import type { Call } from '@parley/calling';
import { useObservable } from './useObservable.ts';

const none: Readonly<Record<string, string>> = {};

/**
 * What the application keeps with a call, by name; `call.setCustomData()` changes it.
 *
 * @example
 * const { 'agenda.item': item = '1' } = useCustomData(call);
 */
export function useCustomData(call: Call | undefined): Readonly<Record<string, string>> {
  return useObservable(call, ['customDataChanged'], ({ customData }) => customData) ?? none;
}
