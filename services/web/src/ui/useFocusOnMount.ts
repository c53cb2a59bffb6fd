import { useEffect, useRef, type RefObject } from 'react';

/**
 * Where a screen reader begins when a new screen appears, unless something of it has the focus already; give the
 * element `tabIndex={-1}`.
 */
export function useFocusOnMount<Target extends HTMLElement>(): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) {
      target.current?.focus({ preventScroll: true });
    }
  }, []);

  return target;
}
