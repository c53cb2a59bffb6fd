import { useEffect, useRef } from 'react';
import { pressed, type Shortcuts } from './shortcuts.ts';

/** Runs an action when its keys are pressed, instead of what the browser would do. */
export function useShortcuts(
  shortcuts: Shortcuts,
  actions: Readonly<Record<keyof Shortcuts, () => void>>,
  isApple: boolean,
): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const name = pressed(shortcuts, event, isApple);
      if (name !== undefined) {
        event.preventDefault();
        latest.current[name]();
      }
    };
    document.addEventListener('keydown', onKeyDown);

    return () => document.removeEventListener('keydown', onKeyDown);
  }, [shortcuts, isApple]);
}
