import type { Disposable } from '@parley/kit';

/** Calls `onGone` when the page is closed, reloaded or left; what is sent until `onGone` returns still goes out. */
export type WatchPage = (onGone: () => void) => Disposable;

export const watchBrowserPage: WatchPage = (onGone) => {
  const onHide = ({ persisted }: PageTransitionEvent): void => {
    // A page kept in the back/forward cache may be shown again, with its place in the call.
    if (!persisted) {
      onGone();
    }
  };
  globalThis.addEventListener('pagehide', onHide);

  return () => globalThis.removeEventListener('pagehide', onHide);
};
