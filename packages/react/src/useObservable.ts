import { useCallback, useState, useSyncExternalStore } from 'react';
import { isSame } from './isSame.ts';

/** What every object of the SDK that changes has: see `Observable` of `@parley/calling`. */
export interface Listenable {
  on(name: never, listener: () => void): () => void;
}

/** The names of an object's events. */
export type EventName<Source extends Listenable> = Parameters<Source['on']>[0] & string;

/**
 * What `read` finds in an object of the SDK, read again at each of the events. A component renders again when that is
 * different: another value, or an array or record of other values. Every other hook is made of this one; use it for what has
 * none.
 *
 * @param object Undefined while there is none; so is the result then.
 * @param events The names of the events at which it may be different.
 * @param read Must do nothing but read.
 * @example
 * const agenda = useObservable(call, ['customDataChanged'], ({ customData }) => customData['agenda.item']);
 */
export function useObservable<Source extends Listenable, Value>(
  object: Source,
  events: readonly EventName<Source>[],
  read: (object: Source) => Value,
): Value;
export function useObservable<Source extends Listenable, Value>(
  object: Source | undefined,
  events: readonly EventName<Source>[],
  read: (object: Source) => Value,
): Value | undefined;
export function useObservable<Source extends Listenable, Value>(
  object: Source | undefined,
  events: readonly EventName<Source>[],
  read: (object: Source) => Value,
): Value | undefined {
  // As text, so that a list written inside a component is the same one at every rendering.
  const names = events.join(' ');
  const subscribe = useCallback(
    (onChange: () => void) => {
      const disposers = names.split(' ').map((name) => object?.on(name as never, onChange));

      return () => disposers.forEach((dispose) => dispose?.());
    },
    [object, names],
  );
  const [keep] = useState(keeper<Value>);
  const getSnapshot = (): Value | undefined => (object === undefined ? undefined : keep(read(object)));

  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}

/** Answers with what it was given before, for as long as it is given the same. */
function keeper<Value>(): (value: Value) => Value {
  let kept: { readonly value: Value } | undefined;

  return (value) => {
    kept = kept !== undefined && isSame(kept.value, value) ? kept : { value };

    return kept.value;
  };
}
