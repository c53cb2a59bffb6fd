import { useSyncExternalStore } from 'react';

export function useStore<Value>(store: {
  readonly get: () => Value;
  readonly subscribe: (listener: () => void) => () => void;
}): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}
