import { useEffect, useRef, type RefObject } from 'react';

/** Where a screen reader begins when a new screen appears; give the element `tabIndex={-1}`. */
export function useFocusOnMount<Target extends HTMLElement>(): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => target.current?.focus({ preventScroll: true }), []);

  return target;
}
