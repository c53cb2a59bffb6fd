import { useEffect, useRef } from 'react';

/** What the latest rendering had, for what runs later and is not to begin anew because of it. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });

  return latest;
}
