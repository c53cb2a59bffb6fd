import type { Disposable } from '@parley/kit';

/**
 * Calls `onGone` when the page is closed, reloaded or left; what is sent until `onGone` returns still goes out. Calls
 * `onVisibility` when the page is hidden or seen again.
 */
export type WatchPage = (onGone: () => void, onVisibility: (isVisible: boolean) => void) => Disposable;

export const watchBrowserPage: WatchPage = (onGone, onVisibility) => {
  const onHide = ({ persisted }: PageTransitionEvent): void => {
    // A page kept in the back/forward cache may be shown again, with its place in the call.
    if (!persisted) {
      onGone();
    }
  };
  const onChange = (): void => onVisibility(document.visibilityState === 'visible');
  globalThis.addEventListener('pagehide', onHide);
  document.addEventListener('visibilitychange', onChange);

  return () => {
    globalThis.removeEventListener('pagehide', onHide);
    document.removeEventListener('visibilitychange', onChange);
  };
};
