import type { Disposable } from '@parley/kit';

/** Calls `onChanged` when the browser says that this machine's network is another than before. */
export type WatchNetwork = (onChanged: () => void) => Disposable;

export const watchBrowserNetwork: WatchNetwork = (onChanged) => {
  // The Network Information API, which not every browser has.
  const { connection } = navigator as { connection?: EventTarget };
  globalThis.addEventListener('online', onChanged);
  connection?.addEventListener('change', onChanged);

  return () => {
    globalThis.removeEventListener('online', onChanged);
    connection?.removeEventListener('change', onChanged);
  };
};
